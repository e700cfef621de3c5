package web

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"github.com/stepwell/stepwell/service/sns"
)

// signer signs as SNS does, with a key that lives as long as the process: signatures are checked when a message arrives.
type signer struct {
	key         *rsa.PrivateKey
	certificate string // PEM
}

const keyBits = 2048

func newSigner() (*signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "sns.stepwell.local"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &signer{key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}, nil
}

// path is where the certificate is served: its name changes with the key.
func (s *signer) path() string {
	sum := sha256.Sum256([]byte(s.certificate))
	return "/SimpleNotificationService-" + hex.EncodeToString(sum[:16]) + ".pem"
}

// signedFields are names and contents that a signature covers, in the order of the names.
func signedFields(d sns.Delivery, kind, subscribeURL string) []string {
	fields := []string{"Message", d.Message.Text, "MessageId", d.Message.ID}
	if d.Token != "" {
		fields = append(fields, "SubscribeURL", subscribeURL)
	} else if d.Message.Subject != "" {
		fields = append(fields, "Subject", d.Message.Subject)
	}
	fields = append(fields, "Timestamp", d.Timestamp())
	if d.Token != "" {
		fields = append(fields, "Token", d.Token)
	}
	return append(fields, "TopicArn", d.Message.TopicARN, "Type", kind)
}

// sign signs fields, one a line: version 1 with SHA-1, version 2 with SHA-256.
func (s *signer) sign(version string, fields []string) (string, error) {
	text := []byte(strings.Join(fields, "\n") + "\n")
	hash, sum := crypto.SHA256, sha256.Sum256(text)
	digest := sum[:]
	if version == "1" {
		sum := sha1.Sum(text)
		hash, digest = crypto.SHA1, sum[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, hash, digest)
	return base64.StdEncoding.EncodeToString(signature), err
}
