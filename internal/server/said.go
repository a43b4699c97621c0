package server

// Answers that hold problems are put into the language of who asks, as a problem by
// itself is.

// sayer is an answer in which something is said.
type sayer[T any] interface{ say(lang string) T }

// said puts an answer into a language; most say nothing.
func said[T any](body T, lang string) T {
	if s, ok := any(body).(sayer[T]); ok {
		return s.say(lang)
	}
	return body
}

func all[T sayer[T]](list []T, lang string) []T {
	out := make([]T, len(list))
	for i := range list {
		out[i] = list[i].say(lang)
	}
	return out
}

func (i SolveInfo) say(lang string) SolveInfo {
	i.Problem = i.Problem.in(lang)
	return i
}

func (s Solves) say(lang string) Solves {
	s.Solves = all(s.Solves, lang)
	return s
}

func (i StudyInfo) say(lang string) StudyInfo {
	i.Problem = i.Problem.in(lang)
	return i
}

func (s Studies) say(lang string) Studies {
	s.Studies = all(s.Studies, lang)
	return s
}

func (i CheckInfo) say(lang string) CheckInfo {
	i.Broken = i.Broken.in(lang)
	return i
}

func (i UploadInfo) say(lang string) UploadInfo {
	i.Problem = i.Problem.in(lang)
	return i
}

func (d DataInfo) say(lang string) DataInfo {
	d.Uploads = all(d.Uploads, lang)
	return d
}
