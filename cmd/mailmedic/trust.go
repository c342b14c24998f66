package main

import (
	"crypto/x509"
	"os"
	"path/filepath"
)

// trusted is the system's trust store with the certificates of SSL_CERT_FILE,
// SSL_CERT_DIR and --ca-file added, or nil when there are none to add.
func trusted(env lookup, caFile string) (*x509.CertPool, error) {
	file, dir := env("SSL_CERT_FILE"), env("SSL_CERT_DIR")
	if file == "" && dir == "" && caFile == "" {
		return nil, nil
	}
	// On Unix, Go puts these two in the place of the system's store. Here they add to it.
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if value := env(name); value != "" {
			os.Unsetenv(name)
			defer os.Setenv(name, value) // a password command may need it
		}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if pem, err := os.ReadFile(file); err == nil {
		pool.AppendCertsFromPEM(pem)
	}
	for _, folder := range filepath.SplitList(dir) {
		addFolder(pool, folder)
	}
	if caFile == "" {
		return pool, nil
	}
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, fail(exitNoInput, "Name a file that holds certificates in PEM form.", "The file %s for --ca-file cannot be read: %s.", visible(caFile), plain(err))
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fail(exitData, "It must hold certificates in PEM form.", "The file %s for --ca-file holds no certificate.", visible(caFile))
	}
	return pool, nil
}

// addFolder adds every certificate of a folder. A file that is none is passed over,
// as OpenSSL and Go do.
func addFolder(pool *x509.CertPool, folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if pem, err := os.ReadFile(filepath.Join(folder, entry.Name())); err == nil {
			pool.AppendCertsFromPEM(pem)
		}
	}
}
