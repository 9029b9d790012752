using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>Schema and tuples at one revision, read at one instant. A value; taking one costs nothing and blocks nobody.</summary>
public readonly struct Snapshot
{
    public Revision Revision => throw new NotImplementedException();

    /// <summary>The one instant of every fact read here.</summary>
    public Instant Instant => throw new NotImplementedException();

    /// <summary>The consistency token of this revision, for an <see cref="Consistency.AtLeastAsFresh"/> later on.</summary>
    public string Token => throw new NotImplementedException();

    /// <summary>The schema; rejects with NO_SCHEMA while none was written.</summary>
    public CompiledSchema Schema => throw new NotImplementedException();

    /// <summary>The same revision at an instant of the caller's choice: for simulation, replay and tests of schemas.</summary>
    public Snapshot At(Instant instant) => throw new NotImplementedException();

    /// <summary>Decides. Allocates nothing unless <paramref name="evidence"/> is given.</summary>
    /// <exception cref="RejectionException">An unknown type or permission, a malformed question, a limit reached.</exception>
    public Answer Check(in CheckQuestion question, Evidence? evidence = null) => throw new NotImplementedException();

    /// <summary>The rewrite of one permission with the subjects at its leaves; usersets are leaves, not opened.</summary>
    public ExpandNode Expand(ObjectRef resource, string permission) => throw new NotImplementedException();

    /// <summary>The live tuples that match, future ones included, in a fixed order; both ends of every window are filled in.</summary>
    public IEnumerable<RelationTuple> Read(TupleFilter filter) => throw new NotImplementedException();
}
