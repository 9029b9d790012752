using AuthzGraph.Perf.Graph;

namespace AuthzGraph.Perf.Tests;

public sealed class WorkloadsTests : IDisposable
{
    private const string Workload = """
        {
          "schema": "definition user {} definition document { relation viewer: user }",
          "relationships": ["document:one#viewer@user:ann", "document:two#viewer@user:ann"],
          "queries": {
            "check": ["document:one#viewer@user:ann"],
            "lookupResources": [{ "type": "document", "permission": "viewer", "subject": "user:ann", "expectCount": 2 }],
            "lookupSubjects": [{ "resource": "document:one", "permission": "viewer", "subjectType": "user", "expect": ["ann"] }]
          }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authzgraph-workloads-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_question_of_a_file_is_timed() =>
        Assert.Equal(["check", "lookupResources", "lookupSubjects"], (await RunAsync(Workload)).Select(line => line.Question.Split(' ')[0]));

    [Theory]
    [InlineData("\"document:one#viewer@user:ann\"],\n    \"lookup", "\"document:one#viewer@user:bob\"],\n    \"lookup", "document:one#viewer@user:bob is not permitted")]
    [InlineData("\"expectCount\": 2", "\"expectCount\": 3", "2 resources were found instead of 3")]
    [InlineData("[\"ann\"]", "[]", "1 subjects were found instead of 0")]
    public async Task A_wrong_answer_is_no_figure(string right, string wrong, string problem)
    {
        string workload = Workload.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Workload, workload);
        Assert.Equal(problem, (await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(workload))).Message);
    }

    [CorpusFact("workloads")]
    public async Task The_workloads_of_others_are_answered_as_they_expect()
    {
        List<Workloads.Line> lines = [];
        await foreach (Workloads.Line line in Workloads.RunAsync(Repository.Corpus("workloads"), TimeSpan.Zero)) lines.Add(line);
        Assert.Equal(12, lines.Count);
    }

    private async Task<List<Workloads.Line>> RunAsync(string workload)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "one.json"), workload);
        List<Workloads.Line> lines = [];
        await foreach (Workloads.Line line in Workloads.RunAsync(_folder.FullName, TimeSpan.Zero)) lines.Add(line);
        return lines;
    }
}
