using AuthzGraph.Model;

namespace AuthzGraph.Cli.Network;

/// <summary>
/// Tuples on their way into a call. A call whose messages break off fails with an error of its own, so what broke them off is kept here.
/// </summary>
internal sealed class WatchedTuples(IAsyncEnumerable<RelationTuple> tuples) : IAsyncEnumerable<RelationTuple>
{
    /// <summary>Whether all were read.</summary>
    public bool IsRead { get; private set; }

    /// <summary>What was wrong with the line at which reading stopped, or null.</summary>
    public CommandException? Problem { get; private set; }

    public async IAsyncEnumerator<RelationTuple> GetAsyncEnumerator(CancellationToken cancellation = default)
    {
        await using IAsyncEnumerator<RelationTuple> source = tuples.GetAsyncEnumerator(cancellation);
        while (await MoveNextAsync(source)) yield return source.Current;
        IsRead = true;
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<RelationTuple> source)
    {
        try
        {
            return await source.MoveNextAsync();
        }
        catch (RejectionException problem)
        {
            throw Problem = new CommandException(problem.Message, problem.Reason);
        }
    }
}
