// The ratings service of BookInfo, in Go: the same answers as src/ratings, byte for byte, in every version.
//
// Standard library only. Usage: ratings [PORT]; environment: PORT, HOST, SERVICE_VERSION.
package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const (
	grace          = 5 * time.Second
	idleConnection = 65 * time.Minute // longer than a sidecar keeps its pool
)

func main() {
	port := "9080"
	if len(os.Args) > 1 {
		port = os.Args[1]
	} else if text := os.Getenv("PORT"); text != "" {
		port = text
	}
	version := os.Getenv("SERVICE_VERSION")
	if version == "" {
		version = "v1"
	}
	if err := serve(net.JoinHostPort(hostOr("0.0.0.0"), port), version); err != nil {
		logger(os.Stderr).Error("could not start", "service", "ratings", "error", err.Error())
		os.Exit(1)
	}
}

func hostOr(fallback string) string {
	if host := os.Getenv("HOST"); host != "" {
		return host
	}
	return fallback
}

// serve answers until SIGTERM or SIGINT, then stops accepting and lets requests in flight finish.
func serve(address, version string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	network := "tcp4"
	if strings.HasPrefix(address, "[") {
		network = "tcp"
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	service := newRatings(version, time.Now, rand.Float64)
	server := &http.Server{Handler: service, IdleTimeout: idleConnection, ReadHeaderTimeout: time.Minute}
	fresh := trackFresh(server)
	at := listener.Addr().(*net.TCPAddr)
	logger(os.Stdout).Info("listening", "service", "ratings", "host", at.IP.String(), "port", at.Port)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	fresh.close()
	if err := server.Shutdown(deadline); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return nil
}

func logger(out io.Writer) *slog.Logger {
	names := map[string]string{slog.MessageKey: "message", slog.TimeKey: "time", slog.LevelKey: "level"}
	replace := func(_ []string, field slog.Attr) slog.Attr {
		if name, ok := names[field.Key]; ok {
			field.Key = name
		}
		if field.Key == slog.LevelKey {
			field.Value = slog.StringValue(strings.ToLower(field.Value.String()))
		}
		return field
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{ReplaceAttr: replace}))
}
