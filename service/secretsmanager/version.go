package secretsmanager

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
)

// The staging labels that Secrets Manager itself moves.
const (
	current  = "AWSCURRENT"
	previous = "AWSPREVIOUS"
)

// maxVersions is how many versions are kept besides those with a label.
const maxVersions = 100

// version is one value of a secret. Labels are moved from version to version; one has a label at a time.
type version struct {
	ID      string
	Text    *string `json:",omitempty"`
	Binary  []byte  `json:",omitempty"`
	Stages  []string
	Created time.Time
}

// content is the value in a request: a text or bytes. Its length is no constraint in the tags, whose errors show the value.
type content struct {
	SecretBinary []byte
	SecretString *string `aws:"json"`
}

// maxValue is how many bytes a value may have.
const maxValue = 65536

func (c *content) given() bool { return c.SecretString != nil || c.SecretBinary != nil }

func (c *content) check() error {
	if c.SecretString != nil && c.SecretBinary != nil {
		return invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.")
	}
	if len(c.SecretBinary) > maxValue || c.SecretString != nil && len(*c.SecretString) > maxValue {
		return invalidParameter("A secret value can have %d bytes at most.", maxValue)
	}
	return nil
}

func (v *version) holds(c *content) bool {
	if v.Text == nil || c.SecretString == nil {
		return v.Text == nil && c.SecretString == nil && bytes.Equal(v.Binary, c.SecretBinary)
	}
	return *v.Text == *c.SecretString
}

// add gives a secret a version, unless the token names one with the same value already. The labels move to it, and the
// label AWSPREVIOUS to the one that was current.
func (x *secret) add(token string, c *content, stages []string, now time.Time) (id string, err error) {
	if token == "" {
		token = uuid.NewString()
	}
	for _, v := range x.Versions {
		if v.ID != token {
			continue
		}
		if !v.holds(c) {
			return "", fault.New(fault.Conflict, "A resource with the ID you requested already exists.").WithCode(codeExists)
		}
		return token, nil
	}
	x.Versions = append(x.Versions, version{ID: token, Text: c.SecretString, Binary: c.SecretBinary, Created: now})
	for _, stage := range stages {
		x.move(stage, len(x.Versions)-1)
	}
	x.Changed = now
	x.prune()
	return token, nil
}

// move takes a label to a version.
func (x *secret) move(stage string, to int) {
	for i := range x.Versions {
		v := &x.Versions[i]
		at := slices.Index(v.Stages, stage)
		if at < 0 || i == to {
			continue
		}
		v.Stages = slices.Delete(v.Stages, at, at+1)
		if stage == current {
			x.move(previous, i)
		}
	}
	if v := &x.Versions[to]; !slices.Contains(v.Stages, stage) {
		v.Stages = append(v.Stages, stage)
	}
	if stage == current { // which cannot be the one before too
		v := &x.Versions[to]
		v.Stages = slices.DeleteFunc(v.Stages, func(s string) bool { return s == previous })
	}
}

// prune forgets the oldest versions without a label.
func (x *secret) prune() {
	unlabelled := 0
	for _, v := range slices.Backward(x.Versions) {
		if len(v.Stages) == 0 {
			unlabelled++
		}
	}
	x.Versions = slices.DeleteFunc(x.Versions, func(v version) bool {
		if len(v.Stages) > 0 || unlabelled <= maxVersions {
			return false
		}
		unlabelled--
		return true
	})
}

// stages returns the labels of every version that has one.
func (x *secret) stages() map[string][]string {
	all := map[string][]string{}
	for _, v := range x.Versions {
		if len(v.Stages) > 0 {
			all[v.ID] = v.Stages
		}
	}
	return all
}

type getSecretValueRequest struct {
	SecretId     string `aws:"required,min=1,max=2048"`
	VersionId    string `aws:"min=32,max=64"`
	VersionStage string `aws:"min=1,max=256"`
}

type getSecretValueResponse struct {
	ARN           string
	CreatedDate   time.Time
	Name          string
	SecretBinary  []byte
	SecretString  *string
	VersionId     string
	VersionStages []string
}

func (s *Service) getSecretValue(ctx context.Context, r *getSecretValueRequest) (*getSecretValueResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.findLive(ctx, r.SecretId)
	if err != nil {
		return nil, err
	}
	v, err := x.version(r.VersionId, r.VersionStage)
	if err != nil {
		return nil, err
	}
	// The date tells the day, so it is written once a day.
	if today := s.now().UTC().Truncate(24 * time.Hour); !x.Accessed.Equal(today) {
		x.Accessed = today
		if err := s.secrets.Put(ctx, x.Name, x); err != nil {
			return nil, err
		}
	}
	return &getSecretValueResponse{
		ARN: x.ARN, Name: x.Name, CreatedDate: v.Created, SecretString: v.Text, SecretBinary: v.Binary, VersionId: v.ID, VersionStages: v.Stages,
	}, nil
}

// version returns the version with an id, with a label, or with both; with neither, the current one.
func (x *secret) version(id, stage string) (version, error) {
	if id == "" && stage == "" {
		stage = current
	}
	what := "staging label: " + stage
	if id != "" {
		what = "version: " + id
	}
	for _, v := range x.Versions {
		if (id == "" || v.ID == id) && (stage == "" || slices.Contains(v.Stages, stage)) {
			return v, nil
		}
		if v.ID == id {
			return version{}, invalidRequest("You provided a VersionStage that is not associated to the provided VersionId.")
		}
	}
	return version{}, fault.New(fault.NotFound, "Secrets Manager can't find the specified secret value for %s", what).WithCode(codeNotFound)
}
