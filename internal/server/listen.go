package server

import (
	"context"
	"net"
	"net/netip"
	"strconv"

	"github.com/plottage/plottage"
)

// DefaultPort is the port the program is found on.
const DefaultPort = 8558

// Listen opens the address for serving. An address that others could reach is
// refused with code Usage: there is no access control yet. host is "localhost", a
// loopback IP address, or "" for 127.0.0.1; port 0 takes any free one.
func Listen(ctx context.Context, host string, port int) (net.Listener, error) {
	ip, ok := loopback(host)
	if !ok {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "serve_address", Args: map[string]any{"address": host}}
	}
	if port < 0 || port > 65535 {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "serve_port", Args: map[string]any{"port": port}}
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(ip, strconv.Itoa(port)))
	if err != nil {
		return nil, &plottage.Error{Code: plottage.Conflict, Key: "serve_taken", Args: map[string]any{"port": port}, Err: err}
	}
	return ln, nil
}

// loopback returns the IP address to listen on for a host that only this machine can
// reach. Names other than localhost are not looked up: what they mean can change.
func loopback(host string) (ip string, ok bool) {
	if host == "" || host == "localhost" {
		return "127.0.0.1", true
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !addr.Unmap().IsLoopback() {
		return "", false
	}
	return addr.String(), true
}
