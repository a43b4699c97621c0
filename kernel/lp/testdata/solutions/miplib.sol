=obj= -5558.4104
first[L002-03,s1] 1
in[L002-03,s1] 1
lot[L002-02~2,s1,clear,2027] 1
in[L002-02,s1] 1
start[s1,clear,2027] 1
flow[L002-03,L002-02,s1] 1
lot[L002-03,s1,clear,2027] 1
