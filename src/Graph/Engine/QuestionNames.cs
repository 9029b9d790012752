using AuthzGraph.Graph.Index;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>Turns the numbers of a decision back into names, those included that only its question knows.</summary>
internal readonly ref struct QuestionNames
{
    private readonly DecisionScope _scope;
    private readonly ref readonly CheckQuestion _question;
    private readonly ref readonly ResolvedQuestion _resolved;

    public QuestionNames(DecisionScope scope, in CheckQuestion question, in ResolvedQuestion resolved)
    {
        _scope = scope;
        _question = ref question;
        _resolved = ref resolved;
    }

    public ObjectRef Of(ObjectKey key) => Asked(key) ?? _scope.Name(key);

    /// <summary>What the question calls the object; null if it does not name it.</summary>
    private ObjectRef? Asked(ObjectKey key)
    {
        if (key.Number >= EdgeStore.FirstUnknown) return QuestionNumbers.At(_question, (int)(key.Number - EdgeStore.FirstUnknown));
        if (key == _resolved.Resource) return _question.Resource;
        if (key == _resolved.Subject.Object) return _question.Subject.Object;
        if (key == _resolved.Delegation) return _question.Acting.Delegation;
        return key == _resolved.Root ? _question.Acting.Root : null;
    }
}
