package cli

import (
	"bytes"
	"strings"
	"testing"
)

// Without access control nobody else may reach the city: refused in words, as usage.
func TestServeRefusesAddressesOthersCanReach(t *testing.T) {
	for lang, want := range map[string]string{"en": "no access control", "zh": "尚无访问控制"} {
		for _, addr := range []string{"0.0.0.0", "::", "192.168.1.20", "city.example.org"} {
			var out, errs bytes.Buffer
			code := Main(t.Context(), []string{"serve", "none.gpkg", "--lang", lang, "--addr", addr, "--port", "0"}, &out, &errs)
			if code != 2 || !strings.Contains(errs.String(), want) || !strings.Contains(errs.String(), addr) {
				t.Errorf("%s %s: exit %d, %q", lang, addr, code, errs.String())
			}
		}
	}
}

func TestServeSaysThatAFileIsMissing(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main(t.Context(), []string{"serve", "none.gpkg", "--port", "0"}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "none.gpkg") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}

func TestOpenAPIIsPrinted(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main(t.Context(), []string{"openapi"}, &out, &errs); code != 0 || !strings.Contains(out.String(), `"openapi": "3.1.0"`) {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}
