package console

// Forget lets the next page of an execution read its history from the beginning.
func (c *Console) Forget() { c.histories = histories{} }
