using System.Text;
using AuthzGraph.Graph.Tests.Reference;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Agreement;

/// <summary>A question and the instant of all its facts.</summary>
internal readonly record struct Asked(CheckQuestion Question, Instant At)
{
    public override string ToString()
    {
        Acting acting = Question.Acting;
        return $"{Question.Resource}#{Question.Permission}@{Question.Subject}"
            + (acting.Delegation is { } delegation ? $" delegation={delegation}" : "")
            + (acting.Root is { } root ? $" root={root}" : "")
            + (acting.Task is { } task ? $" task={task}" : "")
            + (Question.ContextJson is { } context ? $" with {context}" : "")
            + $" at {At}";
    }
}

/// <summary>A schema, what is stored under it, and what is asked: everything follows from the seed.</summary>
internal sealed record Case(int Seed, SchemaModel Schema, Limits Limits, IReadOnlyList<RelationTuple> Tuples, IReadOnlyList<Asked> Questions)
{
    public string SchemaText => SchemaPrinter.Print(Schema, Seed);

    /// <summary>The text under which tuples can be written that the rules for hops and tasks would refuse.</summary>
    public string SchemaTextWithoutRoles => SchemaPrinter.Print(Schema.WithoutRoles(), Seed);

    /// <summary>Seed, schema, tuples and question, ready to be made a scenario of.</summary>
    public string Describe(Asked asked, string problem, IEnumerable<RelationTuple>? tuples = null)
    {
        StringBuilder text = new();
        text.AppendLine($"seed {Seed}: {problem}");
        text.AppendLine($"question: {asked}");
        text.AppendLine($"limits: {Limits.ChainHops} hops, retention {Limits.Retention}");
        text.AppendLine("--- schema").AppendLine(SchemaText).AppendLine("--- tuples");
        foreach (RelationTuple tuple in tuples ?? Tuples) text.AppendLine(tuple.ToString());
        return text.ToString();
    }
}
