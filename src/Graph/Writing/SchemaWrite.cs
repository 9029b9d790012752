using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// Replaces the schema without stopping other writers. Whether it would break stored tuples is looked at three times: beside the
/// writers, at all tuples of a snapshot; then, as the writer but for a moment at a time, at what was written since; at last, with the
/// write itself, at the little that came after.
/// </summary>
/// <param name="pin">Keeps a snapshot readable.</param>
internal sealed class SchemaWrite(Writer writer, History history, DecisionClock clock, Func<Revision, Instant, RevisionPin> pin)
{
    private const int Passes = 16;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Durable and visible once it returns. Begins again when another schema was written meanwhile.</summary>
    public async ValueTask<Published> RunAsync(CompiledSchema schema, CancellationToken cancellation)
    {
        while (true)
        {
            Published seen = history.Head;
            Instant now = clock.Now(seen.CommittedAt);
            using RevisionPin pinned = pin(seen.Revision, now);
            SchemaLook? look = seen.Bound is { } before ? new SchemaLook(before, schema, seen.Revision, now) : null;
            if (look is not null) await LookAsync(look, cancellation).ConfigureAwait(false);
            bool isStale = false;
            Published written = await writer.RunAsync(
                (WriterState state, out Published result) => state.WriteSchema(schema, look, out result, out isStale), cancellation).ConfigureAwait(false);
            if (!isStale) return written;
        }
    }

    /// <summary>Until so little was written that looking at it takes no longer than a moment; writers that are faster than looks are not waited for.</summary>
    private async ValueTask LookAsync(SchemaLook look, CancellationToken cancellation)
    {
        await Task.Run(look.Begin, cancellation).ConfigureAwait(false);
        bool isShort = false;
        while (!isShort && look.Passes < Passes)
            await writer.RunAsync(
                (WriterState state, out Published result) =>
                {
                    result = state.Newest;
                    isShort = look.GoOn(state.Newest.Revision, Moment);
                    return null;
                }, cancellation).ConfigureAwait(false);
    }
}
