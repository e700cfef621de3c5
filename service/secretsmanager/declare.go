package secretsmanager

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// templateSecret is AWS::SecretsManager::Secret.
type templateSecret struct {
	Description          string `aws:"max=2048"`
	GenerateSecretString *generation
	KmsKeyId             string `aws:"max=2048"`
	Name                 string `aws:"required,min=1,max=512"`
	SecretString         *string
	Tags                 []tag

	ReplicaRegions value.Value
}

// Declare makes sure that a secret of a template is there. Its value is set, or made by chance, once; it changes only with
// what the template says of it, so that a value put by other means stays. The errors do not show the value.
func (s *Service) Declare(ctx context.Context, properties value.Value) error {
	var t templateSecret
	if err := service.FromTemplate(properties, &t); err != nil {
		return err
	}
	if !nameShape.MatchString(t.Name) {
		return invalidParameter("The name %s of a secret has other characters than letters, digits and /_+=.@!-", t.Name)
	}
	if t.GenerateSecretString != nil && t.SecretString != nil {
		return invalidParameter("A secret has a SecretString or a GenerateSecretString, not both.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok, err := s.load(ctx, t.Name)
	if err != nil {
		return err
	}
	now := s.now().UTC()
	if !ok {
		x = secret{Name: t.Name, ARN: s.prefix + t.Name + "-" + suffix(), Created: now, Changed: now}
	}
	sum := digest(properties)
	if older := x.Declared == "" && len(x.Versions) > 0; !older && x.Declared != sum {
		if err := t.set(&x, now); err != nil {
			return err
		}
	}
	x.Description, x.KmsKeyID, x.Tags, x.Declared = t.Description, t.KmsKeyId, t.Tags, sum
	x.Deleted, x.Purge = time.Time{}, time.Time{}
	return s.secrets.Put(ctx, x.Name, x)
}

// Remove deletes a secret without a recovery window. What is not there is no error.
func (s *Service) Remove(ctx context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets.Delete(ctx, name)
}

// set gives a secret the value that the template says.
func (t *templateSecret) set(x *secret, now time.Time) error {
	c := &content{SecretString: t.SecretString}
	if t.GenerateSecretString != nil {
		text, err := t.GenerateSecretString.text()
		if err != nil {
			return err
		}
		c.SecretString = &text
	}
	if err := c.check(); err != nil || !c.given() {
		return err
	}
	_, err := x.add("", c, []string{current}, now)
	return err
}

// digest tells apart what templates say of a value, without keeping it.
func digest(properties value.Value) string {
	text, _ := properties.Get("SecretString")
	generated, _ := properties.Get("GenerateSecretString")
	sum := sha256.Sum256([]byte(text.Str() + "\n" + generated.Compact()))
	return hex.EncodeToString(sum[:])
}
