using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Network;

/// <summary>A file of relationships as the messages of an import, read line by line.</summary>
internal sealed class TupleLines(TextReader reader, string name, bool owned) : IDisposable
{
    private const int PerMessage = 500;
    private const string StandardInput = "-";

    /// <summary>Whether the whole file was read and every line was a relationship.</summary>
    public bool IsSent { get; private set; }

    public static TupleLines Open(Terminal terminal, string path)
    {
        if (path == StandardInput) return new TupleLines(terminal.Input, "standard input", owned: false);
        try
        {
            return new TupleLines(new StreamReader(path), path, owned: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw FileText.Unreadable(path, problem);
        }
    }

    /// <summary>The messages; the first carries the options.</summary>
    /// <exception cref="CommandException">A line is no relationship; what was sent before is not taken back.</exception>
    public async IAsyncEnumerable<ImportRelationshipsRequest> RequestsAsync(ImportOptions options)
    {
        var message = new ImportRelationshipsRequest { Options = options };
        for (int line = 1; await reader.ReadLineAsync() is { } text; line++)
        {
            text = text.Trim();
            if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal)) continue;
            message.Relationships.Add(Parse(text, line));
            if (message.Relationships.Count < PerMessage) continue;
            yield return message;
            message = new ImportRelationshipsRequest();
        }
        yield return message;
        IsSent = true;
    }

    public void Dispose()
    {
        if (owned) reader.Dispose();
    }

    private Relationship Parse(string text, int line)
    {
        try
        {
            return WireText.Relationship(RelationTuple.Parse(text));
        }
        catch (RejectionException problem)
        {
            throw new CommandException($"{name}:{line}: {problem.Message}", problem.Reason);
        }
    }
}
