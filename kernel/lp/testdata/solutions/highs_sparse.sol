Model status
Optimal

# Primal solution values
Feasible
Objective -5558.410400000001
Objective_bound -5558.410400000001
MIP_rel_gap 0
# Columns -7 sparse
start[s1,clear,2027] 1 0
in[L002-02,s1] 1 2
lot[L002-02~2,s1,clear,2027] 1 7
in[L002-03,s1] 1 13
first[L002-03,s1] 1 14
lot[L002-03,s1,clear,2027] 1 15
flow[L002-03,L002-02,s1] 1 22
