objective value:                           -5558.4104
first[L002-03,s1]                                   1 	(obj:0)
in[L002-03,s1]                                      1 	(obj:0)
lot[L002-02~2,s1,clear,2027]                        1 	(obj:-3060.7215)
in[L002-02,s1]                                      1 	(obj:0)
start[s1,clear,2027]                                1 	(obj:0)
flow[L002-03,L002-02,s1]                            1 	(obj:0)
lot[L002-03,s1,clear,2027]                          1 	(obj:-2497.6889)
