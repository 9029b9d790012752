using AuthzGraph.Model;

namespace AuthzGraph.Validation;

internal static class QuestionText
{
    /// <summary><c>document:readme#view@user:ann</c></summary>
    public static string Text(this CheckQuestion question) => $"{question.Resource}#{question.Permission}@{question.Subject}";

    /// <summary>The question, on whose authority it is asked, and its context.</summary>
    public static string Full(this CheckQuestion question)
    {
        string text = question.Text();
        if (question.Acting.Delegation is { } delegation) text += $" by {delegation}";
        if (question.Acting.Root is { } root) text += $" on behalf of {root}";
        if (question.Acting.Task is { } task) text += $" for {task}";
        if (question.ContextJson is { } context) text += $" with {context}";
        return text;
    }
}
