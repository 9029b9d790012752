using System.Globalization;
using AuthzGraph.Model;

namespace AuthzGraph.Model.Tests;

public sealed class TupleLinesTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Blank_lines_and_comments_are_passed_over_and_the_last_line_needs_no_end(string end)
    {
        string text = string.Join(end, "// who", "", "  document:a#viewer@user:ann  ", "\t", "document:b#viewer@group:g#member[expiration:2030-01-01T00:00:00Z]");

        Assert.Equal(["document:a#viewer@user:ann", "document:b#viewer@group:g#member[expiration:2030-01-01T00:00:00Z]"], await Read(text));
    }

    [Fact]
    public async Task A_file_longer_than_the_buffer_is_read_whole_whatever_the_pieces_it_comes_in()
    {
        string[] lines = [.. Enumerable.Range(0, 20_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"document:d{i % 1500}#viewer@user:{new string('u', i % 90 + 1)}{i}"))];

        foreach (int piece in (int[])[1, 7, 4096, int.MaxValue]) Assert.Equal(lines, await Read(string.Join('\n', lines), piece));
    }

    [Fact]
    public async Task A_line_that_is_no_relationship_is_named_with_its_number_and_what_came_before_is_given()
    {
        var seen = new List<RelationTuple>();
        RejectionException refused = await Assert.ThrowsAsync<RejectionException>(async () =>
        {
            await foreach (RelationTuple tuple in Lines("document:a#viewer@user:ann\n\ndocument:a#viewer\n")) seen.Add(tuple);
        });

        Assert.Equal("INVALID_TUPLE", refused.Reason);
        Assert.Equal("tuples.txt:3: `document:a#viewer` is not a relationship: it has no `@subject`", refused.Message);
        Assert.Single(seen);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_fills_memory()
    {
        string longest = "document:a#viewer@user:ann[only:{\"x\":\"" + new string('y', TupleLines.LongestLine) + "\"}]";

        RejectionException refused = await Assert.ThrowsAsync<RejectionException>(() => Read("// one\n" + longest));

        Assert.Equal("LINE_TOO_LONG", refused.Reason);
        Assert.StartsWith("tuples.txt:2: ", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> Read(string text, int piece = int.MaxValue)
    {
        List<string> tuples = [];
        await foreach (RelationTuple tuple in Lines(text, piece)) tuples.Add(tuple.ToString());
        return tuples;
    }

    private static IAsyncEnumerable<RelationTuple> Lines(string text, int piece = int.MaxValue) => new TupleLines(new Pieces(text, piece), "tuples.txt").ReadAsync();

    /// <summary>A reader that gives a little at a time, as a pipe does.</summary>
    private sealed class Pieces(string text, int most) : StringReader(text)
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
