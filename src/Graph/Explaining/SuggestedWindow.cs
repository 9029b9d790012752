using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>The window of a tuple that is only proposed: none where the schema wants none, else an hour from now or as long as is allowed.</summary>
internal static class SuggestedWindow
{
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>Null where every such tuple has a caveat.</summary>
    public static Window? For(EdgeType type, Instant now) =>
        type.AllowsEndless ? Window.Always : type.AllowsExpiring ? From(now, Usual) : null;

    /// <param name="longest">Null: as long as it likes.</param>
    /// <param name="outer">It ends no later than this.</param>
    public static Window? For(EdgeType type, Instant now, TimeSpan? longest, Window outer)
    {
        if (!type.AllowsExpiring) return type.AllowsEndless && longest is null && !outer.ExpiresAt.IsFinite ? Window.Always : null;
        Window window = From(now, longest < Usual ? longest.Value : Usual);
        return window with { ExpiresAt = Instant.Min(window.ExpiresAt, outer.ExpiresAt) };
    }

    private static Window From(Instant now, TimeSpan length) => new(now, now.Plus((long)length.TotalMicroseconds));
}
