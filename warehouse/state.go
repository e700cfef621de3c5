package warehouse

// BlockState tells how a session stands to BEGIN and COMMIT.
type BlockState string

// The states of a session between two statements.
const (
	// Idle is outside of any block.
	Idle BlockState = "idle"
	// InBlock is behind BEGIN.
	InBlock BlockState = "in block"
	// Aborted is in a block that an error has ended; everything up to its end is refused.
	Aborted BlockState = "aborted"
)

// State returns how the session stands between two calls.
func (s *Session) State() BlockState {
	switch {
	case s.aborted:
		return Aborted
	case s.block:
		return InBlock
	}
	return Idle
}

// Setting returns the value of a session parameter and whether it is known.
func (s *Session) Setting(name string) (string, bool) {
	value, known := s.settings[name]
	return value, known
}
