/** `npm run lab COMMAND`: the lab's own command line, by the door that installs what it needs. */
import '../e2e/lab/src/cli.ts'
