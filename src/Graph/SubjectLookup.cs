using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Lookups;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// The subjects of a type that have a permission on a resource, read one after another at one snapshot: each once, in an order that the snapshot
/// decides. Who is given out is in by a check, as surely as it says; <c>*</c>, which comes last, stands for everybody else of the type except
/// those it names. For one thread at a time; the snapshot stays readable until it is disposed of.
/// </summary>
public sealed class SubjectLookup : IDisposable
{
    private readonly SubjectLookupRequest _request;
    private readonly SubjectSource _source;
    private readonly LookupStream _stream;

    internal SubjectLookup(AuthorizationGraph graph, Snapshot snapshot, BoundSchema bound, SubjectLookupRequest request, LookupCursor? cursor, CancellationToken cancellation)
    {
        _request = request;
        _source = new SubjectSource(bound, request, cursor);
        _stream = new LookupStream(graph, snapshot, _source, request.ContextJson, request.Limit, cancellation);
    }

    /// <summary>What is read.</summary>
    public Snapshot Snapshot => _stream.Snapshot;

    /// <summary>The id of the subject at hand, in UTF-8, <c>*</c> for everybody else; good until the next is read.</summary>
    public ReadOnlySpan<byte> IdUtf8 => _stream.IdUtf8;

    public string Id => _stream.Id;

    /// <summary>The names of the context that the subject at hand depends on, sorted; empty: it is permitted.</summary>
    public ImmutableArray<string> Missing => _stream.Missing;

    /// <summary>Of <c>*</c>: whom it does not stand for, sorted. Subjects that were given out by themselves count as they were given out.</summary>
    public ImmutableArray<string> Excluded => _stream.Number == EdgeStore.Wildcard ? _source.Excluded : [];

    /// <summary>Goes on behind the subject at hand: at the same snapshot, with the same request, in the same store; after a restart too.</summary>
    public string Cursor => _stream.Cursor(DigestOf(_request));

    /// <summary>Reads the next subject; false when there is none, or no more are wanted.</summary>
    /// <exception cref="RejectionException">A limit was reached, or a subject could not be decided.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool MoveNext() => _stream.MoveNext();

    /// <summary>All that is left.</summary>
    public IEnumerable<FoundSubject> ToEnd()
    {
        while (MoveNext()) yield return new FoundSubject(Id, Missing, Excluded);
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Tells one request from another, whatever their limits and cursors.</summary>
    internal static ulong DigestOf(SubjectLookupRequest request) => CursorSeal.DigestOf(
        "subjects", request.Resource.ToString(), request.Permission, request.SubjectType, request.SubjectRelation, request.ContextJson);
}
