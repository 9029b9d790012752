namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What could be written at a place: a closed set.</summary>
internal abstract record CompletionPlace
{
    private CompletionPlace() { }

    /// <summary>Nothing that anybody could know: a new name, a number, a comment.</summary>
    internal sealed record Free : CompletionPlace;

    internal sealed record TopLevel : CompletionPlace;

    /// <summary>After <c>use</c>.</summary>
    internal sealed record Flag : CompletionPlace;

    /// <summary>Where a member begins.</summary>
    internal sealed record Member : CompletionPlace;

    /// <summary>After <c>relation</c>: a role fixes names.</summary>
    internal sealed record RelationName : CompletionPlace;

    /// <summary>After <c>:</c> and <c>|</c>.</summary>
    internal sealed record Type : CompletionPlace;

    /// <summary>After <c>team#</c>.</summary>
    internal sealed record Userset(string TypeName) : CompletionPlace;

    /// <summary>After <c>with</c>.</summary>
    internal sealed record Trait : CompletionPlace;

    /// <summary>In an expression, where an operand begins.</summary>
    internal sealed record Operand : CompletionPlace;

    /// <summary>After <c>parent-></c> and <c>parent.any(</c>.</summary>
    internal sealed record ArrowTarget(string Relation) : CompletionPlace;

    /// <summary>A relation of the definition: after <c>within</c>.</summary>
    internal sealed record Relations : CompletionPlace;

    /// <summary>A member of the definition: after <c>delegable</c>, <c>autonomous</c> and <c>approval</c>.</summary>
    /// <param name="OrAll">Or <c>*</c>.</param>
    internal sealed record MemberNames(bool OrAll) : CompletionPlace;

    /// <summary>After <c>...</c>.</summary>
    internal sealed record Partial : CompletionPlace;

    /// <summary>The type of a caveat's parameter.</summary>
    internal sealed record ParameterType : CompletionPlace;

    /// <summary>In the expression of a caveat.</summary>
    internal sealed record CaveatBody : CompletionPlace;

    /// <summary>Some words of the language and no names.</summary>
    internal sealed record Words(params string[] OfLanguage) : CompletionPlace;
}
