using AuthzGraph.Perf.Graph;

namespace AuthzGraph.Perf.Tests;

public sealed class SchemaChangesTests
{
    [Fact]
    public async Task Schemas_are_refused_and_allowed_beside_a_writer_that_loses_nothing()
    {
        List<SchemaChanges.Line> lines = [];
        await foreach (SchemaChanges.Line line in SchemaChanges.RunAsync(tuples: 20_000, TimeSpan.FromMilliseconds(50))) lines.Add(line);
        Assert.Equal(4, lines.Count);
        Assert.All(lines, line => Assert.True(line.Longest >= line.Median, line.ToString()));
    }
}
