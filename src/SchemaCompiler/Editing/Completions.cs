using System.Diagnostics;
using AuthzGraph.SchemaCompiler.Binding;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What could be written at a place, the likeliest first; an editor picks those that begin as the word that is there.</summary>
internal sealed class Completions(ResolvedSchema resolved, ResolvedFile file, Cursor cursor)
{
    private SchemaNames Names => resolved.Names;
    private Flags Flags => file.Syntax.Flags;
    private Declared.Block? Block => cursor.Block;

    public IEnumerable<Completion> Possible() => cursor.Place switch
    {
        CompletionPlace.Free => [],
        CompletionPlace.TopLevel => TopLevel(),
        CompletionPlace.Flag => Words.Flags.Except(file.Syntax.Uses.Select(use => use.Flag.Text)).Select(flag => Word(flag, $"use {flag}")),
        CompletionPlace.Member => Members(),
        CompletionPlace.RelationName => RelationNames(),
        CompletionPlace.Type => Names.Definitions.Select(Named),
        CompletionPlace.Userset userset => Usersets(userset),
        CompletionPlace.Trait => Names.Caveats.Select(Named).Concat(Flags.Expiration ? [Word(Words.Expiration)] : []),
        CompletionPlace.Operand => Operands(),
        CompletionPlace.ArrowTarget arrow => ArrowTargets(arrow.Relation),
        CompletionPlace.Relations => Own.Where(member => !member.IsPermission).Select(Named),
        CompletionPlace.MemberNames names => PermissionsFirst(Own).Select(Named).Concat(names.OrAll ? [new Completion("*", NameKind.Keyword, cursor.Word, "every permission", null)] : []),
        CompletionPlace.Partial => Names.Partials.Where(partial => partial != Block).Select(Named),
        CompletionPlace.ParameterType => ParameterTypes.All.Select(type => Word(type)),
        CompletionPlace.CaveatBody => (cursor.Caveat?.Syntax.Parameters ?? []).Where(p => !p.Name.IsMissing).Select(Parameter),
        CompletionPlace.Words words => words.OfLanguage.Select(word => Word(word)),
        _ => throw new UnreachableException(),
    };

    private IEnumerable<Declared.Member> Own => Block?.Members.Values ?? Enumerable.Empty<Declared.Member>();

    private IEnumerable<Completion> TopLevel()
    {
        yield return Word(Words.Definition);
        yield return Word(Words.Caveat);
        if (Flags.Partial) yield return Word(Words.Partial);
        if (Flags.Import) yield return Word(Words.Import);
        if (cursor.IsBeforeDefinitions) yield return Word(Words.Use);
    }

    private IEnumerable<Completion> Members()
    {
        foreach (string word in Words.Members) yield return Word(word);
        if (Flags.Partial) yield return new Completion("...", NameKind.Keyword, cursor.Word, "the members of a partial", null);
        if (!Flags.Delegation) yield break;
        bool hasRole = Block is { } block && Containment.RoleOf(block) is not null;
        bool hasDomain = Block?.Clauses.OfType<DomainSyntax>().Any() ?? false;
        foreach (string word in Words.Clauses)
        {
            bool isRole = word is Words.Principal or Words.Task or Words.Delegation;
            if (isRole ? !hasRole : word != Words.Domain || !hasDomain) yield return Word(word);
        }
    }

    /// <summary>The names a role fixes and, of a hop, those of what can be lent.</summary>
    private IEnumerable<Completion> RelationNames()
    {
        if (Block is not { } block) yield break;
        foreach (FixedRelation relation in resolved.Containment.FixedIn(block))
            if (block.Find(relation.Name) is null)
                yield return new Completion(relation.Name, NameKind.Relation, cursor.Word, WordHelp.OfFixed(relation.Name), null);
        if (!Containment.IsDelegation(block)) yield break;
        foreach (string name in Names.Definitions.SelectMany(Delegable).Distinct())
            if (block.Find(name) is null) yield return new Completion(name, NameKind.Relation, cursor.Word, $"lends `{name}`", null);
    }

    private static IEnumerable<string> Delegable(Declared.Block block)
    {
        foreach (DelegableSyntax clause in block.Clauses.OfType<DelegableSyntax>())
        {
            IEnumerable<string> all = block.Members.Values.Where(member => member.IsPermission).Select(member => member.Name.Text);
            foreach (string name in clause.IsAll ? all : clause.Names.Select(name => name.Text)) yield return name;
        }
    }

    private IEnumerable<Completion> Usersets(CompletionPlace.Userset place) =>
        (Names.FindDefinition(place.TypeName)?.Members.Values ?? Enumerable.Empty<Declared.Member>()).Select(Named);

    private IEnumerable<Completion> Operands()
    {
        string? self = cursor.MemberName;
        IEnumerable<Declared.Member> others = Own.Where(member => member.Name.Text != self);
        IEnumerable<string> words = Flags.Self ? [Words.Nil, Words.Self] : [Words.Nil];
        return others.Select(Named).Concat(words.Select(word => Word(word)));
    }

    /// <summary>What the types of a relation have, each name once with those that have it.</summary>
    private IEnumerable<Completion> ArrowTargets(string relation)
    {
        IEnumerable<Declared.Block> contexts = Block is { } block ? block.Contexts : [];
        IEnumerable<Declared.Block> types = contexts.SelectMany(context => Names.TypesOf(context.Find(relation))).Distinct();
        IEnumerable<(Declared.Block Type, Declared.Member Member)> targets = types.SelectMany(type => type.Members.Values.Select(member => (type, member)));
        return targets.GroupBy(target => target.Member.Name.Text).OrderBy(group => !group.Any(t => t.Member.IsPermission))
            .Select(group => Named(group.First().Member) with { Detail = $"on {string.Join(", ", group.Select(t => t.Type.Name.Text))}" });
    }

    private static IEnumerable<Declared.Member> PermissionsFirst(IEnumerable<Declared.Member> members) => members.OrderBy(member => !member.IsPermission);

    private Completion Named(Declared declared)
    {
        string? detail = declared is Declared.Member ? Signature.Of(declared) : null;
        return new Completion(declared.Name.Text, KindOf(declared), cursor.Word, detail, Signature.Comment(declared));
    }

    private Completion Parameter(ParameterSyntax parameter) => new(parameter.Name.Text, NameKind.Parameter, cursor.Word, null, null);

    private Completion Word(string word, string? helpOf = null) =>
        new(word, NameKind.Keyword, cursor.Word, null, WordHelp.Of(helpOf ?? word) ?? WordHelp.Of(word.Split(' ')[^1]));

    public static NameKind KindOf(Declared declared) => declared switch
    {
        Declared.Block block => block.IsPartial ? NameKind.Partial : NameKind.Definition,
        Declared.Member member => member.IsPermission ? NameKind.Permission : NameKind.Relation,
        Declared.Caveat => NameKind.Caveat,
        Declared.Parameter => NameKind.Parameter,
        _ => throw new UnreachableException(),
    };
}
