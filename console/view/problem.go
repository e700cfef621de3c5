package view

// Problem is the page of an error.
type Problem struct {
	Text string
	// Back leads on.
	Back Link
}

// Template names the page's file.
func (Problem) Template() string { return "problem" }

// Login is the form that asks who one is.
type Login struct {
	// Next is where to go then.
	Next string
	Name string
	// Typed is what stood in a form that came when nobody was logged in any more.
	Typed []Pair
}

// Template names the page's file.
func (Login) Template() string { return "login" }
