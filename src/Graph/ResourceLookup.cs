using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// The objects of a type on which a subject has a permission, read one after another at one snapshot: each once, as soon as it is known, in an
/// order that the snapshot decides. A check of an object it gives out answers the same, and a check of any other object of the type denies; only
/// where a check would be rejected for its depth may a lookup know the answer. For one thread at a time. Reading on allocates nothing; the
/// snapshot stays readable until it is disposed of.
/// </summary>
public sealed class ResourceLookup : IDisposable
{
    private readonly ResourceLookupRequest _request;
    private readonly ResourceSource _source;
    private readonly LookupStream _stream;

    internal ResourceLookup(AuthorizationGraph graph, Snapshot snapshot, BoundSchema bound, ResourceLookupRequest request, LookupCursor? cursor, CancellationToken cancellation)
    {
        _request = request;
        _source = new ResourceSource(bound, request, cursor);
        _stream = new LookupStream(graph, snapshot, _source, request.ContextJson, request.Limit, cancellation);
    }

    /// <summary>What is read.</summary>
    public Snapshot Snapshot => _stream.Snapshot;

    /// <summary>Why the subject may do this to no object at all, when that has nothing to do with the objects; else none.</summary>
    public DenialCode Barred => _source.Barred;

    /// <summary>The id of the object at hand, in UTF-8; good until the next is read.</summary>
    public ReadOnlySpan<byte> IdUtf8 => _stream.IdUtf8;

    public string Id => _stream.Id;

    /// <summary>The names of the context that the object at hand depends on, sorted; empty: it is permitted.</summary>
    public ImmutableArray<string> Missing => _stream.Missing;

    /// <summary>Goes on behind the object at hand: at the same snapshot, with the same request, in the same store; after a restart too.</summary>
    public string Cursor => _stream.Cursor(DigestOf(_request));

    /// <summary>Reads the next object; false when there is none, or no more are wanted.</summary>
    /// <exception cref="RejectionException">A limit was reached, or an object could not be decided.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool MoveNext() => _stream.MoveNext();

    /// <summary>All that is left.</summary>
    public IEnumerable<FoundResource> ToEnd()
    {
        while (MoveNext()) yield return new FoundResource(Id, Missing);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Tells one request from another, whatever their limits and cursors.</summary>
    internal static ulong DigestOf(ResourceLookupRequest request) => CursorSeal.DigestOf(
        "resources", request.ResourceType, request.Permission, request.Subject.ToString(),
        request.Acting.Delegation?.ToString(), request.Acting.Root?.ToString(), request.Acting.Task?.ToString(), request.ContextJson);
}
