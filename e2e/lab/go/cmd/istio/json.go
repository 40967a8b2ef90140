package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// toJSON turns a stream of YAML documents into one JSON array; empty documents
// are left out.
func toJSON(in io.Reader, out io.Writer) error {
	documents := yaml.NewYAMLReader(bufio.NewReader(in))
	objects := []json.RawMessage{}
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return json.NewEncoder(out).Encode(objects)
		}
		if err != nil {
			return err
		}
		object, err := sigsyaml.YAMLToJSON(document)
		if err != nil {
			return err
		}
		if string(object) != "null" {
			objects = append(objects, object)
		}
	}
}
