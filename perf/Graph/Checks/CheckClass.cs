using AuthzGraph.Graph;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Model;

namespace AuthzGraph.Perf.Graph.Checks;

/// <summary>A class of checks of DESIGN §9, over the documents of a <see cref="SampleGraph"/>.</summary>
/// <param name="Text">The question about document i.</param>
/// <param name="Goal">Of DESIGN §9: cold, hot, batched, by id unless the name says otherwise.</param>
internal sealed record CheckClass(string Name, string Goal, bool IsPermitted, Func<int, string> Text)
{
    public Func<int, Acting> Acting { get; init; } = _ => default;

    public static readonly CheckClass[] All =
    [
        new("direct", "1.25 L | 20 | 20; names 2.7 L | 60 | 110", true, i => $"document:d{i}#viewer@user:u{i}"),
        new("denied", "1.4 L | 20 | 20", false, i => $"document:d{i}#viewer@user:m{i}"),
        new("one group hop", "3.1 L | 45 | 100", true, i => $"document:d{i}#read@user:m{i}"),
        new("(a & b) - c", "1.6 L | 33 | 60", true, i => $"document:d{i}#edit@user:u{i}"),
        new("arrows", "6.3 L | 70 | 150", true, i => $"document:d{i}#reach@user:boss"),
        new("4-hop chain, named", "1.3 floor | 250 | 600", true, i => $"document:d{i}#view@agent:a{i}-4") { Acting = i => new(ObjectRef.Parse($"grant:g{i}-4")) },
        new("4-hop chain, found", "", true, i => $"document:d{i}#view@agent:a{i}-4") { Acting = i => new(Root: ObjectRef.Parse($"user:u{i}")) },
    ];

    public CheckQuestion Question(int document)
    {
        RelationTuple tuple = RelationTuple.Parse(Text(document));
        return new CheckQuestion(tuple.Resource, tuple.Relation, tuple.Subject, Acting(document));
    }
}

/// <summary>The questions of one class, by name and by number.</summary>
internal sealed class Questions(CheckClass kind, Snapshot snapshot, int[] documents)
{
    public CheckQuestion[] Named { get; } = [.. documents.Select(kind.Question)];

    public ResolvedQuestion[] Resolved { get; } = Resolve(kind, snapshot, documents);

    /// <summary>Reads the questions as a server that has just decoded them would have.</summary>
    public int Touch(int from, int count)
    {
        int letters = 0;
        for (int i = from; i < from + count; i++)
            letters += Named[i].Resource.Id[^1] + Named[i].Subject.Object.Id[^1] + (Named[i].Acting.Delegation?.Id[^1] ?? 0) + (Named[i].Acting.Root?.Id[^1] ?? 0)
                + (int)Resolved[i].Resource.Number;
        return letters;
    }

    private static ResolvedQuestion[] Resolve(CheckClass kind, Snapshot snapshot, int[] documents)
    {
        if (snapshot.BoundOrNull is not { } bound) throw new InvalidOperationException("the sample has a schema");
        using DecisionSeries series = snapshot.Series(contextJson: null);
        var resolved = new ResolvedQuestion[documents.Length];
        for (int i = 0; i < documents.Length; i++) resolved[i] = ResolvedQuestion.Of(bound, kind.Question(documents[i]));
        return resolved;
    }
}
