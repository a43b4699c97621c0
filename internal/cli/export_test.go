package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/export"
)

// The help of export names every format there is, in its text and at its flag.
func TestExportHelpNamesEveryFormat(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		var out, err bytes.Buffer
		if code := Main(context.Background(), []string{"export", "--help", "--lang", lang}, &out, &err); code != 0 {
			t.Fatalf("got exit %d: %s", code, err.String())
		}
		for _, ending := range export.Endings {
			if n := strings.Count(out.String(), ending); n < 2 {
				t.Errorf("%s: %s stands %d times in\n%s", lang, ending, n, out.String())
			}
		}
	}
}
