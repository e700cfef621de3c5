package pgwire

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
	"golang.org/x/text/unicode/norm"

	"github.com/stepwell/stepwell/fault"
)

// mechanism is the only way to log in with a password (RFC 5802, RFC 7677).
const mechanism = "SCRAM-SHA-256"

// iterations is how often a password is hashed; PostgreSQL's default.
const iterations = 4096

// verifier is what the server keeps of a password.
type verifier struct {
	salt, storedKey, serverKey []byte
	iterations                 int
}

func newVerifier(password string, salt []byte) (verifier, error) {
	return hash(password, salt, iterations)
}

func hash(password string, salt []byte, iterations int) (verifier, error) {
	salted, err := pbkdf2.Key(sha256.New, norm.NFKC.String(password), salt, iterations, sha256.Size)
	if err != nil {
		return verifier{}, fault.New(fault.Internal, "hash a password").Because(err)
	}
	stored := sha256.Sum256(sign(salted, "Client Key"))
	return verifier{salt: salt, storedKey: stored[:], serverKey: sign(salted, "Server Key"), iterations: iterations}, nil
}

func sign(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// parseVerifier reads a verifier as PostgreSQL stores it: SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey.
func parseVerifier(text string) (v verifier, ok bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '$' || r == ':' })
	if len(parts) != 5 || strings.Count(text, "$") != 2 {
		return v, false
	}
	n, err := strconv.Atoi(parts[1])
	v.iterations = n
	for i, field := range []*[]byte{&v.salt, &v.storedKey, &v.serverKey} {
		if err == nil {
			*field, err = base64.StdEncoding.DecodeString(parts[2+i])
		}
	}
	return v, err == nil && n > 0 && len(v.storedKey) == sha256.Size && len(v.serverKey) == sha256.Size
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// exchange is one login: the server's side of SCRAM without the messages around it.
type exchange struct {
	// verifiers belong to the passwords that are right; all have the salt and the iterations of the first.
	verifiers []verifier
	// header is the client's flag for channel binding, bare its first message without it, first ours.
	header, bare, first string
	nonce               string
}

// begin reads the client's first message and returns ours. nonce is the server's part of the nonce.
func (x *exchange) begin(data, nonce string) (string, error) {
	parts := strings.SplitN(data, ",", 3)
	if len(parts) < 3 || parts[0] != "n" && parts[0] != "y" {
		return "", protocolError("malformed SCRAM message: channel binding is not supported")
	}
	x.header, x.bare = parts[0]+","+parts[1]+",", parts[2]
	client := attribute(x.bare, "r")
	if client == "" {
		return "", protocolError("malformed SCRAM message: there is no nonce")
	}
	x.nonce = client + nonce
	v := x.verifiers[0]
	x.first = "r=" + x.nonce + ",s=" + base64.StdEncoding.EncodeToString(v.salt) + ",i=" + strconv.Itoa(v.iterations)
	return x.first, nil
}

// finish checks the client's proof. It returns ours and which verifier was proved, -1 if none was.
func (x *exchange) finish(data string) (answer string, proved int) {
	plain, proof, _ := strings.Cut(data, ",p=")
	given, err := base64.StdEncoding.DecodeString(proof)
	binding := base64.StdEncoding.EncodeToString([]byte(x.header))
	if err != nil || len(given) != sha256.Size || attribute(plain, "r") != x.nonce || attribute(plain, "c") != binding {
		return "", -1
	}
	said := x.bare + "," + x.first + "," + plain
	for i, v := range x.verifiers {
		key := sign(v.storedKey, said)
		subtle.XORBytes(key, key, given)
		stored := sha256.Sum256(key)
		if hmac.Equal(stored[:], v.storedKey) {
			return "v=" + base64.StdEncoding.EncodeToString(sign(v.serverKey, said)), i
		}
	}
	return "", -1
}

func attribute(message, name string) string {
	for part := range strings.SplitSeq(message, ",") {
		if value, ok := strings.CutPrefix(part, name+"="); ok {
			return value
		}
	}
	return ""
}

// authenticate asks the client for its password and returns which user that makes it.
func (c *connection) authenticate(name string) (User, error) {
	candidates, verifiers, err := c.server.users.of(name, c.server.Temporary)
	if err != nil {
		return User{}, err
	}
	c.backend.Send(&pgproto3.AuthenticationSASL{AuthMechanisms: []string{mechanism}})
	first, ok := c.sasl(pgproto3.AuthTypeSASL).(*pgproto3.SASLInitialResponse)
	if !ok || first.AuthMechanism != mechanism {
		return User{}, protocolError("the login must use %s", mechanism)
	}
	x := exchange{verifiers: verifiers}
	answer, err := x.begin(string(first.Data), base64.StdEncoding.EncodeToString(random(18)))
	if err != nil {
		return User{}, err
	}
	c.backend.Send(&pgproto3.AuthenticationSASLContinue{Data: []byte(answer)})
	last, ok := c.sasl(pgproto3.AuthTypeSASLContinue).(*pgproto3.SASLResponse)
	if !ok {
		return User{}, protocolError("the login was broken off")
	}
	answer, proved := x.finish(string(last.Data))
	if proved < 0 || proved >= len(candidates) {
		return User{}, fault.New(fault.Denied, "password authentication failed for user %q", name).WithCode("28P01")
	}
	c.backend.Send(&pgproto3.AuthenticationSASLFinal{Data: []byte(answer)})
	return candidates[proved], nil
}

// sasl sends what is written and reads the answer to it, nil if there is none.
func (c *connection) sasl(kind uint32) pgproto3.FrontendMessage {
	if c.backend.Flush() != nil || c.backend.SetAuthType(kind) != nil {
		return nil
	}
	message, err := c.backend.Receive()
	if err != nil {
		return nil
	}
	return message
}
