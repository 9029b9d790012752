using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>One version of one edge: visible to revisions in <c>[Created, Deleted)</c>, true at instants in the window.</summary>
/// <param name="Created">0: before every revision that can be read.</param>
/// <param name="Deleted"><see cref="NotDeleted"/> while it stands.</param>
/// <param name="Caveat">The number of a caveat; 0: none.</param>
internal readonly record struct EdgeVersion(uint Resource, uint Subject, ulong Created, ulong Deleted, Window Window, uint Caveat)
{
    public const ulong NotDeleted = ulong.MaxValue;

    /// <summary>An edge of which nothing needs to be said.</summary>
    public static EdgeVersion Quiet(uint resource, uint subject) => new(resource, subject, 0, NotDeleted, Window.Always, 0);

    /// <summary>Whether whoever reads at its creation or later sees it, and there is no more to say of it.</summary>
    public bool IsPlain => Deleted == NotDeleted && Caveat == 0 && Window == Window.Always;
}
