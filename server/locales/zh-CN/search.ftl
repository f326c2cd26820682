search-label = 在课程里搜索
search-total = { $total ->
    [0] 没有找到
   *[other] 找到 { $total } 处
}
search-more = 结果较多，只列出前面的一部分。再加一个词，可以找得更准。
search-kind-chapter = 章
search-kind-section = 节
search-kind-question = 问答
search-kind-term = 知识点
search-nothing = 没有找到“{ $query }”
search-nothing-text = 请换一个说法，或者少写几个字；一个字也可以搜。
search-try = 课程里有这些词，可以分别看看：
search-empty = 想找什么？
search-empty-text = 写一两个字就能搜，例如“粉丝”。几个词之间空一格，会找同时出现这些词的地方。
search-to-courses = 去看课程
