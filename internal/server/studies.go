package server

import "github.com/plottage/plottage/renewal"

// openStudies is how many studies there may be at once.
const openStudies = 1

func (i *StudyInfo) head() jobHead {
	return jobHead{&i.ID, &i.State, &i.Started, &i.Problem, "serve_solve_stopped"}
}

// queueStudy has a study made.
func (s *Server) queueStudy(a Analyst, form StudyForm, lang string) (StudyInfo, error) {
	return s.studies.add(s, openStudies, "serve_study_full", StudyInfo{Form: form}, func(j *job[StudyInfo, *StudyInfo]) {
		makeJob(s, j, "study", func() (int64, error) {
			return a.Study(j.ctx, form.asked(lang), func(p renewal.Step) {
				j.change(func(i *StudyInfo) {
					i.Progress = &StudyStep{p.Done, p.Total, p.Seconds, stepOf(p.Solve)}
				})
			})
		}, func(i *StudyInfo, run int64) { i.Run = run })
	})
}
