/** Examples that run as they stand, against the node at this address. */
export function examplesFor(base: string): { name: string; language: string; code: string }[] {
  return [
    {
      name: 'curl',
      language: 'sh',
      code: `curl -sG ${base}/graphql --data-urlencode 'query={
  search(query: "klachten over kamerverhuur", first: 5) {
    totalCount
    nodes { ... on CatalogRecord { title uri publisher { name } } }
  }
}'
`,
    },
    {
      name: 'Python',
      language: 'python',
      code: `import json, urllib.request

query = """query($words: String!, $after: Cursor) {
  search(query: $words, first: 100, after: $after) {
    totalCount
    nodes { ... on CatalogRecord { title uri publisher { name } } }
    pageInfo { hasNextPage endCursor }
  }
}"""

after, rows = None, []
while True:
    body = json.dumps({"query": query, "variables": {"words": "minimaregelingen", "after": after}})
    request = urllib.request.Request("${base}/graphql", body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        found = json.load(response)["data"]["search"]
    rows += found["nodes"]
    after = found["pageInfo"]["endCursor"]
    if not found["pageInfo"]["hasNextPage"]:
        break

print(len(rows), "van", found["totalCount"])
for row in rows[:5]:
    print(row["title"], "-", row["publisher"]["name"], row["uri"])
`,
    },
    {
      name: 'R',
      language: 'r',
      code: `library(jsonlite)

query <- "{ projects(first: 100) { totalCount nodes { title uri phase publisher { name } } } }"
url <- paste0("${base}/graphql?query=", URLencode(query, reserved = TRUE))
projects <- fromJSON(url, flatten = TRUE)$data$projects

projects$totalCount
head(projects$nodes[, c("title", "phase", "publisher.name")])
`,
    },
  ]
}
