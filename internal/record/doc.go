// Package record says what a project, a process template and a lesson are: plain documents, the rules that hold for
// one document as pure functions on its value, and the registry of kinds. It knows no database, index or protocol;
// GraphQL binds to these structs, and search, feeds, exports and pages read the same ones.
//
// A new field is a struct field with its tag (see fields.go) and its line in the SDL. A new kind is one struct with
// its rules and one entry in kind.go.
package record
