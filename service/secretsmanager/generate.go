package secretsmanager

import (
	"crypto/rand"
	"math/big"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// generation is how a secret is made by chance: GenerateSecretString of a template.
type generation struct {
	ExcludeCharacters       string `aws:"max=4096"`
	ExcludeLowercase        bool
	ExcludeNumbers          bool
	ExcludePunctuation      bool
	ExcludeUppercase        bool
	GenerateStringKey       string
	IncludeSpace            bool
	PasswordLength          *int64 `aws:"min=1,max=4096"`
	RequireEachIncludedType *bool
	SecretStringTemplate    string
}

const defaultLength = 32

// The kinds of characters that passwords have.
const (
	lowercase   = "abcdefghijklmnopqrstuvwxyz"
	uppercase   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	numbers     = "0123456789"
	punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
)

// kinds are the characters to choose from, kind by kind. A kind of which all are excluded is left out.
func (g *generation) kinds() []string {
	var kinds []string
	for _, kind := range []struct {
		characters string
		excluded   bool
	}{{lowercase, g.ExcludeLowercase}, {uppercase, g.ExcludeUppercase}, {numbers, g.ExcludeNumbers}, {punctuation, g.ExcludePunctuation}, {" ", !g.IncludeSpace}} {
		if kind.excluded {
			continue
		}
		left := strings.Map(func(r rune) rune {
			if strings.ContainsRune(g.ExcludeCharacters, r) {
				return -1
			}
			return r
		}, kind.characters)
		if left != "" {
			kinds = append(kinds, left)
		}
	}
	return kinds
}

// password makes a password by chance.
func (g *generation) password() (string, error) {
	length := int64(defaultLength)
	if g.PasswordLength != nil {
		length = *g.PasswordLength
	}
	kinds := g.kinds()
	if len(kinds) == 0 {
		return "", invalidParameter("GenerateSecretString excludes all characters.")
	}
	each := g.RequireEachIncludedType == nil || *g.RequireEachIncludedType
	if each && length < int64(len(kinds)) {
		return "", invalidParameter("A password of length %d cannot have each of the %d included types.", length, len(kinds))
	}
	var text []byte
	for _, kind := range kinds {
		if each {
			text = append(text, oneOf(kind))
		}
	}
	for all := strings.Join(kinds, ""); int64(len(text)) < length; {
		text = append(text, oneOf(all))
	}
	for i := len(text) - 1; i > 0; i-- { // those that are required stand anywhere
		j := chance(i + 1)
		text[i], text[j] = text[j], text[i]
	}
	return string(text), nil
}

func oneOf(characters string) byte { return characters[chance(len(characters))] }

func chance(below int) int {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(below)))
	if err != nil {
		panic(err) // the reader never fails
	}
	return int(n.Int64())
}

// text makes a secret: the password, or the template's object with the password at its key.
func (g *generation) text() (string, error) {
	password, err := g.password()
	if err != nil || g.SecretStringTemplate == "" && g.GenerateStringKey == "" {
		return password, err
	}
	if g.SecretStringTemplate == "" || g.GenerateStringKey == "" {
		return "", invalidParameter("SecretStringTemplate and GenerateStringKey of GenerateSecretString go together.")
	}
	object, err := value.Parse(g.SecretStringTemplate)
	if err != nil || object.Kind() != value.Object {
		return "", fault.Invalidf("The SecretStringTemplate of GenerateSecretString is no JSON object.").WithCode(codeInvalidParameter)
	}
	if slices.ContainsFunc(object.Members(), func(m value.Member) bool { return m.Key == g.GenerateStringKey }) {
		return "", invalidParameter("The SecretStringTemplate of GenerateSecretString has the key %s already.", g.GenerateStringKey)
	}
	return object.With(g.GenerateStringKey, value.OfString(password)).Compact(), nil
}
