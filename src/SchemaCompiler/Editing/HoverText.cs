using System.Text;
using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What an editor shows of a name: its declaration, what its author says of it, and what follows from it; as Markdown.</summary>
internal sealed class HoverText(SchemaNames names, Containment containment)
{
    private const int MaxTargets = 8, MaxNames = 40;

    /// <summary>All that a name means; null when nothing has it.</summary>
    public string? Of(Occurrence occurrence)
    {
        IEnumerable<Declared> shown = occurrence.Declares is { } declared ? [declared] : occurrence.Targets.Take(MaxTargets);
        string text = string.Join("\n\n---\n\n", shown.Select(Of));
        int more = occurrence.Declares is null ? occurrence.Targets.Length - MaxTargets : 0;
        return text.Length == 0 ? null : more > 0 ? $"{text}\n\nand {more} more" : text;
    }

    private string Of(Declared declared)
    {
        StringBuilder text = new();
        text.Append("```authzgraph\n");
        if (declared is Declared.Member { Owner: var owner }) text.Append($"// {Kind(owner)} {owner.Name.Text}\n");
        text.Append(Signature.Of(declared)).Append("\n```");
        if (Signature.Comment(declared) is { } comment) Paragraph(text, comment.Replace("\n", "  \n", StringComparison.Ordinal));
        if (declared is Declared.Block block) Members(text, block);
        if (declared is Declared.Member member) Member(text, member);
        if (declared is Declared.Parameter parameter) Paragraph(text, $"A parameter of the caveat `{parameter.Owner.Name.Text}`.");
        return text.ToString();
    }

    private static string Kind(Declared.Block block) => block.IsPartial ? "partial" : "definition";

    private static void Members(StringBuilder text, Declared.Block block)
    {
        foreach (ClauseSyntax clause in block.Clauses.Where(clause => clause is RoleSyntax or DomainSyntax or WithinSyntax))
            if (WordHelp.Of(clause.Keyword.Text) is { } help) Paragraph(text, $"`{Words(clause)}`: {help}");
        Listed(text, "Relations", block.Members.Values.Where(m => !m.IsPermission));
        Listed(text, "Permissions", block.Members.Values.Where(m => m.IsPermission));
        if (block.IsPartial) Paragraph(text, $"In {Quoted(block.Users.Select(user => user.Name.Text), "no definition")}.");
    }

    private static string Words(ClauseSyntax clause) => clause switch
    {
        RoleSyntax { Kind: { } kind } => $"{clause.Keyword.Text} {kind.Text}",
        DomainSyntax domain => $"{clause.Keyword.Text} {domain.Domain.Text}",
        WithinSyntax within => $"{clause.Keyword.Text} {string.Join(", ", within.Relations.Select(r => r.Text))}",
        _ => clause.Keyword.Text,
    };

    private static void Listed(StringBuilder text, string what, IEnumerable<Declared.Member> members)
    {
        if (members.Any()) Paragraph(text, $"{what}: {Quoted(members.Select(m => m.Name.Text), "none")}");
    }

    private void Member(StringBuilder text, Declared.Member member)
    {
        if (containment.Fixed(member) is { } known && WordHelp.OfFixed(known.Name) is { } help)
            Paragraph(text, $"Its role fixes its name: {help}.");
        if (member.IsPermission) Subjects(text, member);
        foreach (string clause in Clauses(member).Distinct()) Paragraph(text, clause);
    }

    private void Subjects(StringBuilder text, Declared.Member member)
    {
        IEnumerable<string> subjects = member.Owner.Contexts.SelectMany(context => SubjectReach.Of(names, context, member)).Distinct();
        Paragraph(text, $"Subjects that can have it: {Quoted(subjects, "none")}");
    }

    private static IEnumerable<string> Clauses(Declared.Member member)
    {
        foreach (ClauseSyntax clause in member.Owner.Contexts.SelectMany(context => context.Clauses))
        {
            if (clause is DelegableSyntax delegable && Concerns(delegable, member)) yield return $"Delegable{Limits(delegable)}.";
            if (clause is AutonomousSyntax autonomous && autonomous.Names.Any(n => n.Text == member.Name.Text))
                yield return "Autonomous: an agent may hold it by tuples of its own.";
        }
    }

    private static bool Concerns(DelegableSyntax clause, Declared.Member member) =>
        clause.IsAll ? member.IsPermission : clause.Names.Any(name => name.Text == member.Name.Text);

    private static string Limits(DelegableSyntax clause)
    {
        IEnumerable<string> limits = clause.MaxHops.Select(n => $"max hops {n.Text}")
            .Concat(clause.MaxTtl.Select(n => $"max ttl {n.Text}")).Concat(clause.Approvals.Select(n => $"approval {n.Text}"));
        return limits.Any() ? $": {Quoted(limits, "")}" : "";
    }

    private static string Quoted(IEnumerable<string> words, string none)
    {
        List<string> shown = [.. words.Take(MaxNames + 1).Select(word => $"`{word}`")];
        if (shown.Count > MaxNames) shown[MaxNames] = "…";
        return shown.Count == 0 ? none : string.Join(", ", shown);
    }

    private static void Paragraph(StringBuilder text, string paragraph) => text.Append("\n\n").Append(paragraph);
}
