// Package pki makes the keys and certificates of a lab cluster.
//
// It reads a request as JSON and answers with PEM texts as JSON; it writes no
// file, so that only the driver decides where secrets lie.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"time"
)

// The lab lives for hours or days; a month is plenty, and short enough that a
// forgotten credential is soon worth nothing.
const lifetime = 30 * 24 * time.Hour

// request describes what a cluster needs.
type request struct {
	// Clients get a certificate for authentication each, by their key here.
	Clients map[string]subject `json:"clients"`
	// ServerNames are the DNS names and IP addresses of the API server.
	ServerNames []string `json:"serverNames"`
	// ExpiredClients get one that was over an hour ago, for fault tests.
	ExpiredClients map[string]subject `json:"expiredClients"`
}

type subject struct {
	User   string   `json:"user"`
	Groups []string `json:"groups"`
}

// pair is a certificate and its private key, both PEM.
type pair struct {
	Certificate string `json:"certificate"`
	Key         string `json:"key"`
}

type answer struct {
	CA             pair            `json:"ca"`
	FrontProxyCA   pair            `json:"frontProxyCA"`
	FrontProxy     pair            `json:"frontProxy"`
	Server         pair            `json:"server"`
	ServiceAccount serviceAccount  `json:"serviceAccount"`
	Clients        map[string]pair `json:"clients"`
}

// serviceAccount is the key pair that signs and checks ServiceAccount tokens.
type serviceAccount struct {
	Key       string `json:"key"`
	PublicKey string `json:"publicKey"`
}

// Run answers one request.
func Run(in io.Reader, out io.Writer) error {
	var wanted request
	if err := json.NewDecoder(in).Decode(&wanted); err != nil {
		return fmt.Errorf("pki request: %w", err)
	}
	given, err := issue(wanted)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(given)
}

func issue(wanted request) (*answer, error) {
	ca, err := newAuthority("meshdeck-lab-ca")
	if err != nil {
		return nil, err
	}
	frontProxyCA, err := newAuthority("meshdeck-lab-front-proxy-ca")
	if err != nil {
		return nil, err
	}
	given := &answer{CA: ca.pem, FrontProxyCA: frontProxyCA.pem, Clients: map[string]pair{}}
	if given.Server, err = ca.signServer(wanted.ServerNames); err != nil {
		return nil, err
	}
	if given.FrontProxy, err = frontProxyCA.signClient(subject{User: "front-proxy-client"}, lifetime); err != nil {
		return nil, err
	}
	for name, who := range wanted.Clients {
		if given.Clients[name], err = ca.signClient(who, lifetime); err != nil {
			return nil, err
		}
	}
	for name, who := range wanted.ExpiredClients {
		if given.Clients[name], err = ca.signClient(who, -time.Hour); err != nil {
			return nil, err
		}
	}
	given.ServiceAccount, err = newServiceAccount()
	return given, err
}

// authority is a certificate authority that can sign.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	pem         pair
}

func newAuthority(name string) (*authority, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	template := newTemplate(pkix.Name{CommonName: name}, lifetime)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	self := &authority{certificate: template, key: key}
	if self.pem, err = self.sign(template, key); err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(self.pem.Certificate))
	self.certificate, err = x509.ParseCertificate(block.Bytes)
	return self, err
}

func (a *authority) signClient(who subject, valid time.Duration) (pair, error) {
	key, err := newKey()
	if err != nil {
		return pair{}, err
	}
	template := newTemplate(pkix.Name{CommonName: who.User, Organization: who.Groups}, valid)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return a.sign(template, key)
}

func (a *authority) signServer(names []string) (pair, error) {
	key, err := newKey()
	if err != nil {
		return pair{}, err
	}
	template := newTemplate(pkix.Name{CommonName: "kube-apiserver"}, lifetime)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, name := range names {
		if address := net.ParseIP(name); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return a.sign(template, key)
}

func (a *authority) sign(template *x509.Certificate, key *ecdsa.PrivateKey) (pair, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return pair{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return pair{}, err
	}
	return pair{Certificate: toPEM("CERTIFICATE", der), Key: toPEM("PRIVATE KEY", private)}, nil
}

func newServiceAccount() (serviceAccount, error) {
	key, err := newKey()
	if err != nil {
		return serviceAccount{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return serviceAccount{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return serviceAccount{}, err
	}
	return serviceAccount{Key: toPEM("PRIVATE KEY", private), PublicKey: toPEM("PUBLIC KEY", public)}, nil
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// newTemplate starts a certificate that ends after valid; a negative time makes
// one that is over already.
func newTemplate(name pkix.Name, valid time.Duration) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      name,
		NotBefore:    now.Add(-24 * time.Hour),
		NotAfter:     now.Add(valid),
	}
}

func toPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
