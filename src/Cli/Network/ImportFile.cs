using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Cli.Network;

/// <summary>A file of relationships as the messages of an import, read line by line.</summary>
internal sealed class ImportFile(TextReader reader, string name, bool owned) : IDisposable
{
    private const int PerMessage = 500;
    private const string StandardInput = "-";

    /// <summary>Whether the whole file was read and every line was a relationship.</summary>
    public bool IsSent { get; private set; }

    /// <summary>What was wrong with the line at which reading stopped, or null.</summary>
    public CommandException? Problem { get; private set; }

    public static ImportFile Open(Terminal terminal, string path)
    {
        if (path == StandardInput) return new ImportFile(terminal.Input, "standard input", owned: false);
        try
        {
            return new ImportFile(new StreamReader(path), path, owned: true);
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
        IAsyncEnumerator<RelationTuple> tuples = new TupleLines(reader, name).ReadAsync().GetAsyncEnumerator();
        while (await MoveNextAsync(tuples))
        {
            message.Relationships.Add(WireText.Relationship(tuples.Current));
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

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<RelationTuple> tuples)
    {
        try
        {
            return await tuples.MoveNextAsync();
        }
        catch (RejectionException problem)
        {
            throw Problem = new CommandException(problem.Message, problem.Reason);
        }
    }
}
