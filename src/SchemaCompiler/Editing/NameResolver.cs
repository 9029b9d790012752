using AuthzGraph.SchemaCompiler.Cel.Syntax;
using AuthzGraph.SchemaCompiler.Syntax;

namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>Finds every name of a text and what it means; a name in a partial means something in each definition that contains it.</summary>
internal sealed class NameResolver
{
    private readonly SchemaNames _names;
    private readonly Containment _containment;
    private readonly List<Occurrence> _found = [];

    private NameResolver(SchemaNames names, Containment containment)
    {
        _names = names;
        _containment = containment;
    }

    public static OccurrenceList Resolve(SchemaNames names, Containment containment)
    {
        NameResolver resolver = new(names, containment);
        foreach (Declared.Block block in names.Blocks) resolver.Block(block);
        foreach (Declared.Caveat caveat in names.Caveats) resolver.Caveat(caveat);
        return new OccurrenceList(resolver._found);
    }

    private void Block(Declared.Block block)
    {
        Declaration(block);
        foreach (MemberSyntax syntax in block.Syntax.Members)
        {
            if (syntax is SplatSyntax splat) Add(splat.Partial, _names.FindPartial(splat.Partial.Text));
            if (SchemaNames.NameOf(syntax) is { } name) Member(block, name, syntax);
            if (syntax is ClauseSyntax clause) Clause(block, clause);
        }
    }

    private void Declaration(Declared declared, params IEnumerable<Declared> others)
    {
        if (!declared.Name.IsMissing) _found.Add(new Occurrence(declared.Name.Span, [declared, .. others.Where(o => o != declared).Distinct()], declared));
    }

    private void Add(NameSyntax name, params IEnumerable<Declared?> targets)
    {
        if (!name.IsMissing) _found.Add(new Occurrence(name.Span, [.. targets.OfType<Declared>().Distinct()]));
    }

    private void Member(Declared.Block block, NameSyntax name, MemberSyntax syntax)
    {
        bool isFirst = block.Find(name.Text) is { } first && ReferenceEquals(first.Syntax, syntax);
        Declared.Member member = isFirst && block.Find(name.Text) is { } known ? known : new Declared.Member(block, name, syntax);
        Declaration(member, Lent(member));
        if (syntax is RelationSyntax relation) Types(relation);
        if (syntax is not PermissionSyntax permission) return;
        foreach (NameSyntax type in permission.Annotation) Add(type, _names.FindDefinition(type.Text));
        Expression(block, permission.Expression);
    }

    /// <summary>What a relation of a hop lends: what its types, and what is within them, have of its name.</summary>
    private IEnumerable<Declared> Lent(Declared.Member member)
    {
        bool lends = member.Syntax is RelationSyntax && member.Owner.Contexts.Any(Containment.IsDelegation);
        if (!lends || _containment.Fixed(member) is not null) return [];
        return _names.TypesOf(member).SelectMany(_containment.CoveredBy).Select(type => Lendable(type, member.Name.Text)).OfType<Declared>();
    }

    private static Declared.Member? Lendable(Declared.Block type, string name)
    {
        bool isNamed = type.Clauses.OfType<DelegableSyntax>().Any(clause => clause.Names.Any(n => n.Text == name));
        return type.Find(name) is { } member && (member.IsPermission || isNamed) ? member : null;
    }

    private void Types(RelationSyntax relation)
    {
        foreach (TypeReferenceSyntax reference in relation.Types)
        {
            Declared.Block? type = _names.FindDefinition(reference.Type.Text);
            Add(reference.Type, type);
            if (reference.Relation is { } userset) Add(userset, type?.Find(userset.Text));
            if (reference.Caveat is { } caveat) Add(caveat, _names.FindCaveat(caveat.Text));
        }
    }

    private void Expression(Declared.Block block, ExpressionSyntax expression)
    {
        if (expression is ExpressionSyntax.Name name) Local(block, name.Identifier);
        if (expression is ExpressionSyntax.Parenthesized parenthesized) Expression(block, parenthesized.Inner);
        if (expression is ExpressionSyntax.Operation operation)
            foreach (ExpressionSyntax operand in operation.Operands) Expression(block, operand);
        if (expression is not ExpressionSyntax.Arrow arrow) return;
        Expression(block, arrow.Left);
        Add(arrow.Target, ArrowTargets(block, arrow));
    }

    private IEnumerable<Declared> ArrowTargets(Declared.Block block, ExpressionSyntax.Arrow arrow) =>
        arrow.Left is not ExpressionSyntax.Name left ? [] : block.Contexts
            .SelectMany(context => _names.TypesOf(context.Find(left.Identifier.Text)))
            .Select(type => type.Find(arrow.Target.Text)).OfType<Declared>();

    private void Clause(Declared.Block block, ClauseSyntax clause)
    {
        IEnumerable<NameSyntax> names = clause switch
        {
            WithinSyntax within => within.Relations,
            AutonomousSyntax autonomous => autonomous.Names,
            DelegableSyntax delegable => delegable.Names.Concat(delegable.Approvals),
            _ => [],
        };
        foreach (NameSyntax name in names) Local(block, name);
    }

    private void Local(Declared.Block block, NameSyntax name) => Add(name, block.Contexts.Select(context => context.Find(name.Text)));

    private void Caveat(Declared.Caveat caveat)
    {
        Declaration(caveat);
        Dictionary<string, Declared> parameters = new(StringComparer.Ordinal);
        foreach (ParameterSyntax syntax in caveat.Syntax.Parameters)
        {
            Declared.Parameter parameter = new(caveat, syntax);
            Declaration(parameter);
            parameters.TryAdd(parameter.Name.Text, parameter);
        }
        Body(caveat.Syntax.Body, parameters);
    }

    /// <summary>The parameters in a caveat's expression: its identifiers, except behind a dot and before a parenthesis.</summary>
    private void Body(NameSyntax body, Dictionary<string, Declared> parameters)
    {
        if (body.IsMissing || parameters.Count == 0) return;
        IReadOnlyList<CelToken> tokens = CelLexer.Tokenize(body.Text, out _);
        for (int i = 0; i < tokens.Count - 1; i++)
        {
            bool isField = i > 0 && tokens[i - 1].Kind == CelTokenKind.Dot;
            bool isFunction = tokens[i + 1].Kind == CelTokenKind.OpenParenthesis;
            if (tokens[i].Kind != CelTokenKind.Identifier || isField || isFunction) continue;
            TextSpan span = tokens[i].Span;
            if (parameters.TryGetValue(body.Text.Substring(span.Start, span.Length), out Declared? parameter))
                Add(new NameSyntax(parameter.Name.Text, span with { Start = body.Span.Start + span.Start }), parameter);
        }
    }
}
