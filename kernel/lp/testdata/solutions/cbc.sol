Optimal - objective value -5558.41040000
      0 start[s1,clear,2027]                             1                       0
      2 in[L002-02,s1]                                   1                       0
      3 first[L002-02,s1]                                1                       0
      7 lot[L002-02~2,s1,clear,2027]                     1              -3060.7215
     13 in[L002-03,s1]                                   1                       0
     15 lot[L002-03,s1,clear,2027]                       1              -2497.6889
     19 flow[L002-02,L002-03,s1]                         1                       0
