package sts

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		servicetest.Trace(t, path, []*service.Service{New("123456789012").Table()}, nil)
	})
}

// Who signs with the credentials of a role is that role.
func TestAssumedIdentity(t *testing.T) {
	s := New("123456789012")
	local := service.WithCaller(t.Context(), service.Caller{KeyID: "AKIALOCAL", Name: "local"})
	answer, err := s.assumeRole(local, &assumeRoleRequest{RoleArn: "arn:aws:iam::123456789012:role/team/etl", RoleSessionName: "night"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := service.WithCaller(t.Context(), service.Caller{KeyID: answer.Credentials.AccessKeyId, Name: "local"})
	who, err := s.getCallerIdentity(ctx, nil)
	if err != nil || who.Arn != "arn:aws:sts::123456789012:assumed-role/etl/night" || who.UserId != answer.AssumedRoleUser.AssumedRoleId {
		t.Errorf("%+v, %v", who, err)
	}
	if who, err := s.getCallerIdentity(local, nil); err != nil || who.Arn != "arn:aws:iam::123456789012:user/local" {
		t.Errorf("%+v, %v", who, err)
	}
	s.assumed[answer.Credentials.AccessKeyId] = assumedRole{account: "1", user: answer.AssumedRoleUser}
	if who, err := s.getCallerIdentity(ctx, nil); err != nil || who.Arn != "arn:aws:iam::123456789012:user/local" {
		t.Errorf("after the credentials expired: %+v, %v", who, err)
	}
}

// The credentials carry the rights of the one who asked for them, and end.
func TestSession(t *testing.T) {
	ctx := service.WithCaller(t.Context(), service.Caller{KeyID: "AKIAX", Name: "loader", Role: "run"})
	s := New("123456789012")
	answer, err := s.assumeRole(ctx, &assumeRoleRequest{RoleArn: "arn:aws:iam::123456789012:role/etl", RoleSessionName: "night"})
	if err != nil {
		t.Fatal(err)
	}
	id := answer.Credentials.AccessKeyId
	want := Session{answer.Credentials.SecretAccessKey, answer.Credentials.SessionToken, "night", "run"}
	if got, ok := s.Session(id); !ok || got != want {
		t.Errorf("%+v, %v", got, ok)
	}
	s.assumed[id] = assumedRole{session: want}
	if _, ok := s.Session(id); ok {
		t.Error("expired credentials are good")
	}
}

func TestRememberedIsBounded(t *testing.T) {
	s := New("1")
	for range maxRemembered + 5 {
		if _, err := s.assumeRole(t.Context(), &assumeRoleRequest{RoleArn: "arn:aws:iam::1:role/etl", RoleSessionName: "n"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.assumed) != maxRemembered {
		t.Errorf("%d remembered", len(s.assumed))
	}
}
