package redshiftdata

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"time"
)

// The statuses of sessions.
const (
	available = "AVAILABLE"
	busy      = "BUSY"
	closed    = "CLOSED"
)

type listSessionsRequest struct {
	ClusterIdentifier string
	Database          string
	MaxResults        *int64 `aws:"min=0,max=100"`
	NextToken         string
	RoleLevel         *bool
	SessionId         string `pattern:"[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?"`
	Status            string `enum:"AVAILABLE|BUSY|CLOSED"`
	WorkgroupName     string
}

type listSessionsResponse struct {
	NextToken string
	Sessions  []sessionData
}

type sessionData struct {
	ClusterIdentifier   string
	CreatedAt           time.Time
	CurrentStatementId  string
	Database            string
	DbUser              string
	SessionAliveSeconds int64
	SessionId           string
	SessionTtl          time.Time
	Status              string
	UpdatedAt           time.Time
	WorkgroupName       string
}

func (s *Service) listSessions(_ context.Context, r *listSessionsRequest) (*listSessionsResponse, error) {
	if r.SessionId != "" && (r.Status != "" || r.ClusterIdentifier != "" || r.WorkgroupName != "" || r.Database != "") {
		return nil, invalid("SessionId cannot be given with Status, ClusterIdentifier, WorkgroupName or Database")
	}
	if err := oneOf(r.ClusterIdentifier, r.WorkgroupName); err != nil {
		return nil, err
	}
	after, err := base64.RawURLEncoding.DecodeString(r.NextToken)
	if err != nil {
		return nil, invalid("Invalid NextToken %q", r.NextToken)
	}
	var wanted []sessionData
	behind := len(after) == 0
	for _, d := range s.describeSessions() {
		if behind && r.matches(d) {
			wanted = append(wanted, d)
		}
		behind = behind || d.SessionId == string(after)
	}
	response := &listSessionsResponse{Sessions: []sessionData{}}
	limit := maxListed
	if r.MaxResults != nil && *r.MaxResults > 0 {
		limit = int(*r.MaxResults)
	}
	if len(wanted) > limit {
		wanted = wanted[:limit]
		response.NextToken = base64.RawURLEncoding.EncodeToString([]byte(wanted[limit-1].SessionId))
	}
	response.Sessions = append(response.Sessions, wanted...)
	return response, nil
}

// matches reports whether a session is asked for. Without a status, only open ones are.
func (r *listSessionsRequest) matches(d sessionData) bool {
	if r.SessionId != "" {
		return r.SessionId == d.SessionId
	}
	to := connection{ClusterIdentifier: d.ClusterIdentifier, WorkgroupName: d.WorkgroupName, Database: d.Database}
	return (r.Status == d.Status || r.Status == "" && d.Status != closed) &&
		connection{ClusterIdentifier: r.ClusterIdentifier, WorkgroupName: r.WorkgroupName, Database: r.Database}.within(to)
}

// describeSessions returns what is told about all sessions, newest first.
func (s *Service) describeSessions() []sessionData {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeIdle()
	all := make([]sessionData, 0, len(s.sessions))
	for _, n := range s.sessions {
		all = append(all, n.describe())
	}
	slices.SortFunc(all, func(a, b sessionData) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.SessionId, b.SessionId))
	})
	return all
}

func (n *session) describe() sessionData {
	d := sessionData{
		SessionId: n.id, ClusterIdentifier: n.to.ClusterIdentifier, WorkgroupName: n.to.WorkgroupName, Database: n.to.Database, DbUser: n.to.DbUser,
		CreatedAt: n.created, UpdatedAt: n.updated, SessionAliveSeconds: int64(n.keepAlive / time.Second), Status: available,
	}
	switch {
	case n.closed:
		d.Status = closed
	case n.busy != nil:
		d.Status, d.CurrentStatementId = busy, n.busy.record.ID
	default:
		d.SessionTtl = n.ends()
	}
	return d
}
