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
}

func newVerifier(password string, salt []byte) (verifier, error) {
	salted, err := pbkdf2.Key(sha256.New, norm.NFKC.String(password), salt, iterations, sha256.Size)
	if err != nil {
		return verifier{}, fault.New(fault.Internal, "hash a password").Because(err)
	}
	stored := sha256.Sum256(sign(salted, "Client Key"))
	return verifier{salt: salt, storedKey: stored[:], serverKey: sign(salted, "Server Key")}, nil
}

func sign(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// users are the verifiers of all users. A name that is none gets a salt too, always the same, so that nobody learns which
// names there are.
type users struct {
	verifiers map[string]verifier
	decoy     []byte
}

func newUsers(passwords map[string]string) (users, error) {
	u := users{verifiers: map[string]verifier{}, decoy: random(sha256.Size)}
	for name, password := range passwords {
		v, err := newVerifier(password, random(16))
		if err != nil {
			return users{}, err
		}
		u.verifiers[name] = v
	}
	return u, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func (u users) verifier(name string) (verifier, bool) {
	if v, ok := u.verifiers[name]; ok {
		return v, true
	}
	mac := sign(u.decoy, name)
	return verifier{salt: mac[:16], storedKey: mac, serverKey: mac}, false
}

// exchange is one login: the server's side of SCRAM without the messages around it.
type exchange struct {
	verifier verifier
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
	x.first = "r=" + x.nonce + ",s=" + base64.StdEncoding.EncodeToString(x.verifier.salt) + ",i=" + strconv.Itoa(iterations)
	return x.first, nil
}

// finish checks the client's proof and returns ours.
func (x *exchange) finish(data string) (answer string, proved bool) {
	plain, proof, _ := strings.Cut(data, ",p=")
	given, err := base64.StdEncoding.DecodeString(proof)
	binding := base64.StdEncoding.EncodeToString([]byte(x.header))
	if err != nil || len(given) != sha256.Size || attribute(plain, "r") != x.nonce || attribute(plain, "c") != binding {
		return "", false
	}
	said := x.bare + "," + x.first + "," + plain
	key := sign(x.verifier.storedKey, said)
	subtle.XORBytes(key, key, given)
	stored := sha256.Sum256(key)
	if !hmac.Equal(stored[:], x.verifier.storedKey) {
		return "", false
	}
	return "v=" + base64.StdEncoding.EncodeToString(sign(x.verifier.serverKey, said)), true
}

func attribute(message, name string) string {
	for part := range strings.SplitSeq(message, ",") {
		if value, ok := strings.CutPrefix(part, name+"="); ok {
			return value
		}
	}
	return ""
}

// authenticate asks the client for its password.
func (c *connection) authenticate(user string) error {
	c.backend.Send(&pgproto3.AuthenticationSASL{AuthMechanisms: []string{mechanism}})
	first, ok := c.sasl(pgproto3.AuthTypeSASL).(*pgproto3.SASLInitialResponse)
	if !ok || first.AuthMechanism != mechanism {
		return protocolError("the login must use %s", mechanism)
	}
	v, known := c.server.users.verifier(user)
	x := exchange{verifier: v}
	answer, err := x.begin(string(first.Data), base64.StdEncoding.EncodeToString(random(18)))
	if err != nil {
		return err
	}
	c.backend.Send(&pgproto3.AuthenticationSASLContinue{Data: []byte(answer)})
	last, ok := c.sasl(pgproto3.AuthTypeSASLContinue).(*pgproto3.SASLResponse)
	if !ok {
		return protocolError("the login was broken off")
	}
	answer, proved := x.finish(string(last.Data))
	if !proved || !known {
		return fault.New(fault.Denied, "password authentication failed for user %q", user).WithCode("28P01")
	}
	c.backend.Send(&pgproto3.AuthenticationSASLFinal{Data: []byte(answer)})
	return nil
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
