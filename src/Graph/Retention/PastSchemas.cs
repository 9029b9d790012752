using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Retention;

/// <summary>The schemas that were in force before the one of a checkpoint, as far back as history may need them.</summary>
internal sealed class PastSchemas(GraphIndex index, IReadOnlyList<StoredSchema> schemas)
{
    private readonly Stack<(StoredSchema Stored, CompiledSchema Schema)> _left = [];

    /// <summary>Compiles them; this takes its time, and nobody has to wait for it.</summary>
    /// <exception cref="StoreFailedException">One does not compile any more.</exception>
    public void Compile()
    {
        foreach (StoredSchema stored in schemas.SkipLast(1)) _left.Push((stored, WriterState.Compile(stored.Text)));
    }

    /// <summary>Writer only: the schema before the last one that was taken, and the revision that wrote it; null when none was written before.</summary>
    public Published? Take() => _left.TryPop(out (StoredSchema Stored, CompiledSchema Schema) last)
        ? new Published(last.Stored.Revision, last.Stored.CommittedAt, index.Bind(last.Schema))
        : null;
}
