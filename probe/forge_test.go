package probe

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
)

// forged is a certificate that no library would make: its end and its name are written as
// given. Nobody has signed it, which a handshake without verification does not ask.
func forged(t testing.TB, notAfter string, subject []byte) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if subject == nil {
		subject = der(t, pkix.Name{CommonName: mailHost}.ToRDNSequence())
	}
	end := asn1.RawValue{Tag: asn1.TagGeneralizedTime, Bytes: []byte(notAfter)}
	begin := asn1.RawValue{Tag: asn1.TagUTCTime, Bytes: []byte("260101000000Z")}
	ecdsaWithSHA256 := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}
	signed := der(t, struct {
		Version   int `asn1:"optional,explicit,default:0,tag:0"`
		Serial    *big.Int
		Algorithm pkix.AlgorithmIdentifier
		Issuer    asn1.RawValue
		Validity  []asn1.RawValue
		Subject   asn1.RawValue
		PublicKey asn1.RawValue
	}{2, big.NewInt(5), ecdsaWithSHA256, asn1.RawValue{FullBytes: subject}, []asn1.RawValue{begin, end}, asn1.RawValue{FullBytes: subject}, asn1.RawValue{FullBytes: public}})
	whole := der(t, struct {
		Signed    asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{asn1.RawValue{FullBytes: signed}, ecdsaWithSHA256, asn1.BitString{Bytes: []byte{0x30, 6, 2, 1, 1, 2, 1, 1}, BitLength: 64}})
	return tls.Certificate{Certificate: [][]byte{whole}, PrivateKey: key}
}

func der(t testing.TB, value any) []byte {
	t.Helper()
	b, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
