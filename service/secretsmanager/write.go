package secretsmanager

import (
	"context"
	"regexp"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type createSecretRequest struct {
	content
	ClientRequestToken string `aws:"token,min=32,max=64"`
	Description        string `aws:"max=2048"`
	KmsKeyId           string `aws:"max=2048"`
	Name               string `aws:"required,min=1,max=512"`
	Tags               []tag
}

// written is what the operations answer that write a value.
type written struct {
	ARN           string
	Name          string
	VersionId     string
	VersionStages []string
}

var nameShape = regexp.MustCompile(`^[A-Za-z0-9/_+=.@!-]+$`)

func (s *Service) createSecret(ctx context.Context, r *createSecretRequest) (*written, error) {
	if !nameShape.MatchString(r.Name) {
		return nil, fault.Invalidf("Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!").
			WithCode(service.ValidationException)
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok, err := s.load(ctx, r.Name)
	if err != nil {
		return nil, err
	}
	if ok {
		return old.createdBy(r)
	}
	now := s.now().UTC()
	x := secret{
		Name: r.Name, ARN: s.prefix + r.Name + "-" + suffix(), Description: r.Description, KmsKeyID: r.KmsKeyId, Tags: r.Tags, Created: now, Changed: now,
	}
	answer := &written{ARN: x.ARN, Name: x.Name}
	if r.given() {
		if answer.VersionId, err = x.add(r.ClientRequestToken, &r.content, []string{current}, now); err != nil {
			return nil, err
		}
	}
	return answer, s.secrets.Put(ctx, x.Name, x)
}

// createdBy answers a request to create a secret that is there: it may be the same request again.
func (x *secret) createdBy(r *createSecretRequest) (*written, error) {
	if !x.Deleted.IsZero() {
		return nil, invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.")
	}
	for _, v := range x.Versions {
		if v.ID == r.ClientRequestToken && v.holds(&r.content) {
			return &written{ARN: x.ARN, Name: x.Name, VersionId: v.ID}, nil
		}
	}
	return nil, fault.New(fault.Conflict, "The operation failed because the secret %s already exists.", x.Name).WithCode(codeExists)
}

type putSecretValueRequest struct {
	content
	ClientRequestToken string   `aws:"token,min=32,max=64"`
	SecretId           string   `aws:"required,min=1,max=2048"`
	VersionStages      []string `aws:"min=1,max=20"`
}

func (s *Service) putSecretValue(ctx context.Context, r *putSecretValueRequest) (*written, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if !r.given() {
		return nil, invalidRequest("You must provide either SecretString or SecretBinary.")
	}
	stages := r.VersionStages
	if len(stages) == 0 {
		stages = []string{current}
	}
	answer := &written{}
	return answer, s.change(ctx, r.SecretId, func(x *secret) (err error) {
		answer.ARN, answer.Name = x.ARN, x.Name
		if len(x.Versions) == 0 { // the first value is always current
			stages = append(stages, current)
		}
		if answer.VersionId, err = x.add(r.ClientRequestToken, &r.content, stages, s.now().UTC()); err == nil {
			answer.VersionStages = x.stages()[answer.VersionId]
		}
		return err
	})
}

type updateSecretRequest struct {
	content
	ClientRequestToken string  `aws:"token,min=32,max=64"`
	Description        *string `aws:"max=2048"`
	KmsKeyId           string  `aws:"max=2048"`
	SecretId           string  `aws:"required,min=1,max=2048"`
}

func (s *Service) updateSecret(ctx context.Context, r *updateSecretRequest) (*written, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	answer := &written{}
	return answer, s.change(ctx, r.SecretId, func(x *secret) (err error) {
		answer.ARN, answer.Name = x.ARN, x.Name
		if r.Description != nil {
			x.Description = *r.Description
		}
		if r.KmsKeyId != "" {
			x.KmsKeyID = r.KmsKeyId
		}
		x.Changed = s.now().UTC()
		if r.given() {
			answer.VersionId, err = x.add(r.ClientRequestToken, &r.content, []string{current}, x.Changed)
		}
		return err
	})
}

// change applies a change to a secret that is not marked for deletion, and makes it durable.
func (s *Service) change(ctx context.Context, id string, apply func(*secret) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.findLive(ctx, id)
	if err != nil {
		return err
	}
	if err := apply(&x); err != nil {
		return err
	}
	return s.secrets.Put(ctx, x.Name, x)
}

type deleteSecretRequest struct {
	ForceDeleteWithoutRecovery bool
	RecoveryWindowInDays       *int64
	SecretId                   string `aws:"required,min=1,max=2048"`
}

type deleteSecretResponse struct {
	ARN          string
	DeletionDate time.Time
	Name         string
}

const (
	minRecovery = 7 // days
	maxRecovery = 30
)

func (s *Service) deleteSecret(ctx context.Context, r *deleteSecretRequest) (*deleteSecretResponse, error) {
	days := int64(maxRecovery)
	if r.RecoveryWindowInDays != nil {
		days = *r.RecoveryWindowInDays
		if r.ForceDeleteWithoutRecovery {
			return nil, invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
		}
	}
	if days < minRecovery || days > maxRecovery {
		return nil, invalidParameter("The RecoveryWindowInDays value must be between %d and %d days (inclusive).", minRecovery, maxRecovery)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(ctx, r.SecretId)
	if err != nil {
		return nil, err
	}
	now := s.now().UTC()
	if r.ForceDeleteWithoutRecovery {
		return &deleteSecretResponse{ARN: x.ARN, Name: x.Name, DeletionDate: now}, s.secrets.Delete(ctx, x.Name)
	}
	if !x.Deleted.IsZero() {
		return nil, invalidRequest("You can't perform this operation on the secret because it was already marked for deletion.")
	}
	x.Deleted, x.Purge = now, now.AddDate(0, 0, int(days))
	return &deleteSecretResponse{ARN: x.ARN, Name: x.Name, DeletionDate: x.Purge}, s.secrets.Put(ctx, x.Name, x)
}

type secretRequest struct {
	SecretId string `aws:"required,min=1,max=2048"`
}

type restoreSecretResponse struct {
	ARN  string
	Name string
}

func (s *Service) restoreSecret(ctx context.Context, r *secretRequest) (*restoreSecretResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(ctx, r.SecretId)
	if err != nil {
		return nil, err
	}
	x.Deleted, x.Purge = time.Time{}, time.Time{}
	return &restoreSecretResponse{ARN: x.ARN, Name: x.Name}, s.secrets.Put(ctx, x.Name, x)
}
