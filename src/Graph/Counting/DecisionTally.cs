using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Counting;

/// <summary>
/// Counts what one scope decides. A scope is one thread's at a time, so counting is a plain increment; whoever wants the sum adds up the tallies.
/// Allocates on the first decision of a permission and mode only.
/// </summary>
internal sealed class DecisionTally(DecisionCounts counts, TallyPage page)
{
    public void Count(DecisionScope scope, in ResolvedQuestion question, in Ruling ruling, SnapshotUse use)
    {
        if (!ReferenceEquals(page.Schema, scope.Schema)) counts.Turn(page, scope.Schema);
        ref long[]? row = ref page.Rows[question.Member.Value * TallyPage.Modes + (int)DecisionModes.Of(scope, question, use)];
        (row ??= new long[TallyPage.Codes])[TallyPage.CodeOf(ruling)]++;
    }
}

/// <summary>The counts of one tally under one schema.</summary>
internal sealed class TallyPage
{
    public static readonly int Modes = DecisionModes.Texts.Length;
    public static readonly int Codes = Enum.GetValues<DenialCode>().Length + 1;

    private const int Permitted = (int)DenialCode.None;

    private static int Conditional => Codes - 1;

    /// <summary>Null before the first decision.</summary>
    public CompiledSchema? Schema { get; private set; }

    /// <summary>By member and mode, then by code; null where nothing was decided.</summary>
    public long[]?[] Rows { get; private set; } = [];

    /// <summary>Whose it is: what a tally that is gone has counted is kept elsewhere, and its page too goes.</summary>
    public required WeakReference<DecisionTally?> Owner { get; init; }

    public static int CodeOf(in Ruling ruling) => ruling.Outcome switch
    {
        Outcome.Permitted => Permitted,
        Outcome.Conditional => Conditional,
        _ => (int)ruling.Verdict.Code,
    };

    public void Begin(CompiledSchema schema) => (Schema, Rows) = (schema, new long[]?[schema.Members.Length * Modes]);

    /// <summary>Adds what was counted so far to totals.</summary>
    public void AddTo(Dictionary<DecisionKey, long> totals)
    {
        if (Schema is not { } schema) return;
        for (int i = 0; i < Rows.Length; i++)
        {
            if (Volatile.Read(ref Rows[i]) is not { } row) continue;
            Member member = schema.Members[i / Modes];
            ObjectType type = schema[member.Type];
            for (int code = 0; code < row.Length; code++)
                if (Volatile.Read(ref row[code]) is > 0 and var count) Add(totals, new DecisionKey(type.Domain, type.Name, member.Name, DecisionModes.Texts[i % Modes], TextOf(code)), count);
        }
    }

    public static void Add(Dictionary<DecisionKey, long> totals, DecisionKey key, long count) => totals[key] = totals.GetValueOrDefault(key) + count;

    private static string TextOf(int code) => code == Permitted ? "PERMITTED" : code == Conditional ? "CONDITIONAL" : ((DenialCode)code).ToText();
}
