package server_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/plottage/plottage/internal/server"
)

var update = flag.Bool("update", false, "write web/api/openapi.json anew")

const document = "../../web/api/openapi.json"

// The client's types are made from a copy of the document, so the copy must be fresh.
func TestOpenAPIDocumentIsFresh(t *testing.T) {
	got, err := server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(document, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is old: run go test ./internal/server -run OpenAPI -update, then npm run api in web", document)
	}
}
