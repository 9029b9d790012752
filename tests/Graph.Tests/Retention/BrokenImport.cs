using AuthzGraph.Graph.Tests.Importing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>An import in chunks that breaks off somewhere, and is done again from its start after a restart.</summary>
internal sealed class BrokenImport
{
    private const int LinesPerChunk = 3;

    private readonly Chronicle _chronicle;
    private readonly ImportRequest _request;
    private readonly string[] _lines;
    private readonly Revision _end;
    private Chronicle.Past[] _left = [];

    private BrokenImport(Chronicle chronicle, ImportRequest request, string[] lines) =>
        (_chronicle, _request, _lines, _end) = (chronicle, request, lines, chronicle.Head);

    private int Chunks => _lines.Length / LinesPerChunk;

    /// <summary>The chronicle has all of it noted; how far it came shows once the graph is closed.</summary>
    public static async Task<BrokenImport> BeginAsync(AuthorizationGraph graph, Chronicle chronicle, Random random, Instant now, int era)
    {
        string[] lines = [.. Enumerable.Range(0, random.Next(2, 20)).SelectMany(_ => chronicle.NoteChunk(now, era, LinesPerChunk))];
        BrokenImport begun = new(chronicle, new ImportRequest { Mode = ImportMode.Chunks, ChunkSize = LinesPerChunk, Id = $"import {random.Next()}" }, lines);
        int receipts = random.Next(begun.Chunks);
        await foreach (ImportReceipt _ in graph.ImportAsync(Imports.Stream(lines), begun._request))
            if (receipts-- == 0) break;
        return begun;
    }

    /// <summary>The store ends at a revision: what the import did not come to is not there.</summary>
    public void Settle(Revision there)
    {
        _left = [.. _chronicle.Revisions.Skip((int)there.Value)];
        _chronicle.Rewind(there);
    }

    /// <summary>Does it again: what was done stays as it is, and the rest follows. Nothing else was written since.</summary>
    /// <returns>Whether some of it was done and some was not.</returns>
    public async Task<bool> ResumeAsync(AuthorizationGraph graph)
    {
        _chronicle.Expect(graph, _chronicle.Revisions[^1], _chronicle.Revisions[^1].At);
        List<ImportReceipt> receipts = await graph.ImportAsync(_request, _lines);
        Assert.Equal(Enumerable.Range(1, Chunks).Select(i => _end.Value - (ulong)(Chunks - i)), receipts.Select(receipt => receipt.Written.Revision.Value));
        _chronicle.Append(_left);
        return _left.Length > 0 && _left.Length < Chunks;
    }
}
